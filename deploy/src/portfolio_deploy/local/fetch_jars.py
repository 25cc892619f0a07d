# jgo annotates only in part.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
"""Downloads Kafka's jars with jgo, as a program of its own: it can be ended at any moment, and its imports stay here.

python -m portfolio_deploy.local.fetch_jars FOLDER            the pinned jars into FOLDER, a line for each that is complete
python -m portfolio_deploy.local.fetch_jars --pin VERSION     what kafka_jars.txt should hold for another version of Kafka
"""

import hashlib
import logging
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import Artifact, MavenContext

from portfolio_deploy.local import kafka_jars

_AT_ONCE = 8
_TIMEOUT_S = 60
_LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"  # Kafka's own logging goes nowhere without it
_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def _maven(cache: Path) -> MavenContext:
    """Return a Maven context of our own: no jar is taken from, or left in, a cache that others write to."""
    repositories = {"central": MAVEN_CENTRAL_URL, **GlobalSettings.load().repositories}
    return MavenContext(repo_cache=cache, remote_repos=repositories, timeout=_TIMEOUT_S)


def trust_the_machine() -> None:
    """Let the download trust what the machine's administrator trusts, where nothing else is set."""
    if "REQUESTS_CA_BUNDLE" in os.environ or "CURL_CA_BUNDLE" in os.environ:
        return
    for bundle in (os.environ.get("SSL_CERT_FILE"), *_BUNDLES):
        if bundle and Path(bundle).is_file():
            os.environ["REQUESTS_CA_BUNDLE"] = bundle
            return


def fetch(folder: Path) -> None:
    """Download every pinned jar into the folder, several at once, and print the name of each when it is there."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as cache, ThreadPoolExecutor(_AT_ONCE) as pool:
        maven = _maven(Path(cache))

        def one(jar: kafka_jars.Jar) -> Path:
            return maven.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()

        waiting = {pool.submit(one, jar): jar for jar in kafka_jars.pinned()}
        for done in as_completed(waiting):
            jar = waiting[done]
            shutil.move(done.result(), folder / jar.file)
            print(jar.file, flush=True)  # noqa: T201  # the parent counts these lines


def pin(version: str) -> None:
    """Resolve Kafka of this version with all it needs and print a line for each jar."""
    with tempfile.TemporaryDirectory() as cache, ThreadPoolExecutor(_AT_ONCE) as pool:
        maven = _maven(Path(cache))
        artifacts: dict[str, Artifact] = {}
        for name in (f"org.apache.kafka:kafka_2.13:{version}", _LOGGING):  # apart, so that Kafka's own choices stand
            named, needed = maven.resolver.resolve([maven.create_dependency(name)])
            for item in (*named, *(item for item in needed if item.scope in ("compile", "runtime"))):
                artifacts.setdefault(f"{item.groupId}:{item.artifactId}", item.artifact)

        def line(artifact: Artifact) -> str:
            digest = hashlib.sha256(artifact.resolve().read_bytes()).hexdigest()
            return f"{digest}  {artifact.groupId}:{artifact.artifactId}:{artifact.version}"

        lines = pool.map(line, artifacts.values())
        print("\n".join(sorted(lines, key=lambda line: line.split()[1])))  # noqa: T201  # this is what was asked for


def main() -> None:
    """Fetch or pin, and end with one sentence when the network does not give what is needed."""
    logging.disable(logging.CRITICAL)  # jgo warns about what is checked here anyway
    trust_the_machine()
    try:
        if sys.argv[1] == "--pin":
            pin(sys.argv[2])
        else:
            fetch(Path(sys.argv[1]))
    except (OSError, RuntimeError, AssertionError) as error:  # jgo asserts that it has not stored a file before
        sys.exit(_reason(error))


def _reason(error: BaseException) -> str:
    """Return in one line what is at the bottom: each library between wraps it once more, in its own jargon."""
    below = error.__cause__ or error.__context__
    while isinstance(below, OSError):
        error, below = below, below.__cause__ or below.__context__
    return (str(error) or type(error).__name__).splitlines()[0]


if __name__ == "__main__":
    main()
