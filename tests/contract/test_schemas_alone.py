"""portfolio_schemas by itself: a publisher installs it, with nothing but pydantic beneath it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
USE = """
import sys
from portfolio_schemas import catalogue, codec, envelope, examples, validation
raw = codec.canonical(examples.every()["portfolio.item.item-added.v2"])
event = envelope.read_event(codec.read_json(raw, size_max=envelope.EVENT_SIZE_MAX))
assert not isinstance(validation.read_body(event), validation.Wrong)
assert examples.every().keys() == catalogue.TYPES.keys()
assert not [name for name in sys.modules if name.startswith(("portfolio_log", "portfolio_ledger", "aiokafka", "asyncpg"))]
print(catalogue.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the package, built as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).with_name("uv")
    subprocess.run(
        [
            uv,
            "build",
            "--wheel",
            "--offline",
            "--no-build-isolation",
            "--quiet",
            "--out-dir",
            folder,
            ROOT / "schemas/portfolio_schemas",
        ],
        check=True,
        timeout=120,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_it_needs_pydantic_and_nothing_else(wheel: Path):
    """Whoever installs it gets no Kafka, no PostgreSQL and no web server along."""
    with zipfile.ZipFile(wheel) as content:
        (metadata,) = (name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
        lines = content.read(metadata).decode().splitlines()
        assert any(name.endswith("portfolio_schemas/examples.json") for name in content.namelist())
        assert any(name.endswith("py.typed") for name in content.namelist())
    needed = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    assert [one.partition(">")[0] for one in needed] == ["pydantic"]


def test_a_publisher_checks_an_event_with_it(wheel: Path, tmp_path: Path):
    """Out of the wheel, with what pydantic needs and none of our other packages, an example is read and found right."""
    site, own = tmp_path / "site", tmp_path / "own"
    own.mkdir()
    with zipfile.ZipFile(wheel) as content:
        content.extractall(own)
    site.mkdir()
    installed = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    for name in ("pydantic", "pydantic_core", "annotated_types", "typing_extensions.py", "typing_inspection"):
        (site / name).symlink_to(installed / name)
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = [{str(own)!r}, {str(site)!r}]\n{USE}"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stdout.startswith(str(own))
