"""The `portfolio` command: the list of what can be typed. The commands themselves are in `commands/`."""

import os
import sys

import typer

from portfolio_deploy.commands import database, demo, language, local, operating, proving, publishing, reading
from portfolio_deploy.errors import CommandError

app = typer.Typer(
    name="portfolio",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="The portfolio ledger: run it on this machine, publish to it, follow it, look at what it knows.",
)

for family, commands in {
    "The local stack": (local.up, local.down, local.status),
    "Events": (publishing.publish, reading.tail, reading.show, reading.diff, demo.demo),
    "The language of events": (language.catalogue, language.validate),
    "The database": (database.migrate,),
    "Proofs": (proving.rebuild, proving.replay),
    "What stands still": (operating.resume, operating.repair, operating.abandon, operating.accept_loss),
}.items():
    for command in commands:
        app.command(rich_help_panel=family)(command)


def main() -> None:
    """Run the command; end with one sentence on standard error and exit code 1 (the answer is no) or 2 (wrong use)."""
    try:
        app()
    except CommandError as error:
        print(f"portfolio: {error}", file=sys.stderr)  # noqa: T201  # the sentence itself
        sys.exit(error.exit_code)
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a full disk, a missing right: nothing of ours is wrong
        where = "" if error.filename is None else f": {error.filename}"
        print(f"portfolio: {error.strerror or error}{where}", file=sys.stderr)  # noqa: T201  # the same
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
