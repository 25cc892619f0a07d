"""How the result of an upload looks: sentences for people, one JSON document for programs."""

import json
from dataclasses import asdict

from portfolio_deploy import terminals
from portfolio_deploy.publishing.tally import FLAGGED, VERDICTS, Tally


def print_json(tally: Tally, address: str, *, ended: bool) -> None:
    """Print one JSON document. `complete`: every event of the files has its verdict."""
    document = {
        "to": address,
        "complete": ended,
        "counts": {verdict: tally.counts[verdict] for verdict in VERDICTS},
        "flagged": tally.counts[FLAGGED],
        "not_taken": [asdict(one) for one in tally.listed],
    }
    print(json.dumps(document, indent=2, ensure_ascii=False))  # noqa: T201  this is what was asked for


def print_text(tally: Tally, address: str, *, errors: str | None) -> None:
    """Print the counts and, of those that were not taken, the first."""
    console = terminals.results()
    for one in tally.listed:
        about = f"{one.subject}  " if one.subject else ""
        console.print(f"{one.file}:{one.line}  {one.verdict}  {one.code}  {about}{one.detail}", soft_wrap=True)
    more = tally.not_taken - len(tally.listed)
    if more > 0:
        rest = f"all of them are in {errors}" if errors else "--errors FILE writes all of them to a file"
        console.print(f"and {more:,} more; {rest}")
    counts = ", ".join(f"{tally.counts[verdict]:,} {verdict}" for verdict in VERDICTS)
    flagged = f" ({tally.counts[FLAGGED]:,} with a flag)" if tally.counts[FLAGGED] else ""
    console.print(f"{counts.replace(' recorded', f' recorded{flagged}', 1)}; sent to {address}", soft_wrap=True)
