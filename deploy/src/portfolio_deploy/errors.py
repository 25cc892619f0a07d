"""What goes wrong when something is started, in words for the person at the terminal."""


class StackError(Exception):
    """One or two sentences: what is wrong, and what to do. Shown without a traceback; the exit code is 1."""


class ProgramEnded(StackError):
    """A program ended before it was ready."""
