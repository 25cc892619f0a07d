"""What goes wrong with a command, in words for the person at the terminal."""


class CommandError(Exception):
    """One or two sentences: what is wrong, and what to do. Shown without a traceback; `exit_code` is the command's."""

    exit_code = 1


class WrongUse(CommandError):
    """The command was called with something it cannot work with."""

    exit_code = 2


class Interrupted(CommandError):
    """Somebody pressed Ctrl-C: what was done until then."""

    exit_code = 130


class StackError(CommandError):
    """The local stack cannot do what was asked."""


class ProgramEnded(StackError):
    """A program ended before it was ready."""
