"""Whether the event types keep what was promised of them; and, with --publish, the promise of what is new.

Run at the root of the project. Exit codes: 0 every promise is kept and all is promised, 1 not so.
"""

import argparse
import sys

from tests.compatibility import promises


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.compatibility", description=__doc__)
    parser.add_argument("--publish", action="store_true", help="write what is new, where every promise is kept")
    publish = parser.parse_args().publish
    promised, now = promises.read(promises.FILE), promises.current()
    broken = promises.broken(promised, now)
    for one in broken:
        print(f"incompatible: {one}", file=sys.stderr)  # noqa: T201  a command speaks
    if broken:
        print(f"compatibility: {promises.WHAT_TO_DO}", file=sys.stderr)  # noqa: T201  a command speaks
        return 1
    wanted = promises.text(now)
    if promises.FILE.is_file() and promises.FILE.read_text("utf-8") == wanted:
        return 0
    if not publish:
        print(f"out of step: {promises.FILE}; run make generate and commit what it writes", file=sys.stderr)  # noqa: T201  a command speaks
        return 1
    promises.FILE.write_text(wanted, "utf-8")
    print(f"wrote: {promises.FILE}", file=sys.stderr)  # noqa: T201  a command speaks
    return 0


if __name__ == "__main__":
    sys.exit(main())
