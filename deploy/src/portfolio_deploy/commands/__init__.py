"""What can be typed after `portfolio`, a file for each family: options, help, exit codes.

Each command imports what does its work when it runs, so that `--help` answers at once.
"""
