"""What `projector run` does: own partitions, follow them, fold, and write rows and checkpoints in one transaction."""
