"""The judge: takes what waits in intake, decides, appends, answers."""
