"""Runs the system: local stack, migrations, and the `portfolio` command."""
