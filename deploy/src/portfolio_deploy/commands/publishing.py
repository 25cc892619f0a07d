"""Publishing: `publish`."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio_deploy.commands.options import DATA, AsJson, Data


def publish(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="JSON Lines, a JSON array or a JSON text, gzip or not; - is standard input."),
    ],
    to: Annotated[
        str | None, typer.Option("--to", metavar="URL", help="The ledger. Without it: that of the local stack that runs on DIR.")
    ] = None,
    data: Data = DATA,
    errors: Annotated[
        Path | None,
        typer.Option(
            "--errors", metavar="FILE", help="Gets a JSON line for each event that was not taken: where it stands, and why."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Begin at the beginning, also where an interrupted upload of the file could go on.")
    ] = False,
    patience: Annotated[
        float, typer.Option("--patience", metavar="SECONDS", min=0, help="How long to try again while the ledger takes nothing.")
    ] = 300,
    as_json: AsJson = False,
) -> None:
    """Submit CloudEvents to the ledger over HTTP, and say what became of each.

    Events of one portfolio go in the order of the files, in batches. What is not taken now (429, 503, a lost connection) is sent
    again. An upload that was interrupted goes on where it was when the same command is given again; sending an event twice is
    safe, since it is recorded once.

    Ends with counts of recorded, duplicate, refused and quarantined (no JSON, no event). Exit code 1 when any was refused or
    quarantined; 130 after Ctrl-C.

        portfolio publish events.jsonl

        zcat -f *.jsonl.gz | portfolio publish - --to http://127.0.0.1:8080 --json
    """
    import os

    from portfolio_deploy import addresses
    from portfolio_deploy.publishing import command, unfinished

    address = addresses.find("ledger", to, data, option="--to")
    notes = None if again else unfinished.folder(os.environ)
    wanted = command.Wanted(
        files=files,
        address=address,
        errors=None if errors is None else str(errors),
        notes=notes,
        patience_s=patience,
        as_json=as_json,
    )
    raise typer.Exit(command.publish(wanted))
