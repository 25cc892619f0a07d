"""What the `--help` of an operator's command explains."""

_REPAIR = """The log is read from its first record. Entries that it has lost and that the read model `entries` keeps are
appended again, byte for byte, whole appends in their order; then a repair record, which sets aside what
follows nothing and names the last entry that everybody must hold. All of it is said first. It can be
interrupted, and run again, at any moment and beside running services. Afterwards: projector resume, ledger
resume (`portfolio repair` does all three).

exit codes: 0 the log is in order, 1 it is not, or nothing was written, 2 wrong use"""

_ABANDON = """Writes a repair record that names ENTRY as the last one that everybody must hold. What any reader holds after
it is given up; the reader is made anew by `resume`, and keeps what it gives up as evidence. Submissions of
such entries that are still in intake are judged again. What the log itself holds cannot be given up.

exit codes: 0 it is written, 1 it is not, 2 wrong use"""

_RESUME = """What the projector holds is compared with the log. Where the log has all of it, the portfolio (or the
partition) is read again and goes on. Where an operator has given up what the log has not (`portfolio
abandon`), the rows of the portfolio are made anew from the log. Else nothing is changed, and the answer says
what is missing.

A read model that failed at an entry folds on from that entry: after a newer program was installed that knows
the type, or without the entry (--skip), which is stored and shown in its answers.

The projector that owns the partition does it; while none runs, the instruction waits for one.

exit codes: 0 it goes on, 1 it does not, 2 wrong use"""

_REBUILD = """A new version of the read model is folded from the entries that are kept, in tables beside those that are
live; both are compared row by row, at the same entries, and the differences are said. Then the tables change
places in one transaction. Nobody who reads or projects has to be stopped. The old tables stay, for --back,
until the next rebuild. `projector run` of another version refuses rows that are not its own: rebuild first,
with the new program.

exit codes: 0 switched (with --dry-run: nothing differs), 1 not switched, or rows differ, 2 wrong use"""

_REPLAY = """Reads the log of the portfolio from its first record, judges every record, folds the entries in memory, and
prints for each table how many rows there are and a digest of them. --compare looks at what is kept, too: the
bytes of every entry, and every row; the first differences are named by table, key, column and entry.

exit codes: 0 done (with --compare: equal), 1 the log cannot be followed, or rows differ, 2 wrong use"""

DESCRIPTIONS = {"repair": _REPAIR, "abandon": _ABANDON, "resume": _RESUME, "rebuild": _REBUILD, "replay": _REPLAY}
