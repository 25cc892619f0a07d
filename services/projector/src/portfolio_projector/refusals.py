"""What makes a program refuse to run."""


class RefusedToRun(Exception):
    """The program must not run, or go on: `args[0]` is the sentence for whoever started it."""
