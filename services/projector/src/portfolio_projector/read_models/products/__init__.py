"""Products: their life, who answers for them and works on them, what they promise, and what they came from and became."""
