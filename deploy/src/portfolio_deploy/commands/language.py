"""The published language: `catalogue`, `validate`."""

from typing import Annotated

import typer

from portfolio_deploy.commands.options import AsJson


def catalogue(
    type_: Annotated[
        str | None,
        typer.Argument(
            metavar="[TYPE]", help="A type, or the end of its name: portfolio.item.item-added.v2, item-added, ItemAdded."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the types of events: all of them, or one with its fields, its rules and an example.

    It needs neither the ledger nor the network.

        portfolio catalogue

        portfolio catalogue item-added
    """
    from portfolio_deploy.language import lookup

    lookup.show(type_, as_json=as_json)


def validate(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="JSON Lines, a JSON array or a JSON text, gzip or not; - is standard input."),
    ],
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with events before they are published, in the ledger's own sentences, by file and line.

    It looks at each event by itself: the envelope, the type, every field, and what the type asks of the envelope. What depends
    on what was recorded before, the ledger says when it is published. It needs neither the ledger nor the network, and its memory
    does not grow with the files. Exit code 1 when something is wrong.

        portfolio validate events.jsonl
    """
    from portfolio_deploy.language import validating

    raise typer.Exit(validating.validate(files, as_json=as_json))
