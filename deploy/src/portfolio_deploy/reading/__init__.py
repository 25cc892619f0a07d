"""Reading in the terminal: entries as they are recorded, and reports of what is known, from the read API."""
