"""Dependencies: who waits for whom, in whatever mode each is delivered, by which promised day, and whether that is in time."""
