"""Performance: what initiatives planned, did and spent, by period and against every baseline, as a chronicle."""
