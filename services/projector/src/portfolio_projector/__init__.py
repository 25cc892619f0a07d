"""The read side: folds of the log into read models, and the read API that serves them."""
