"""What every read model is made of: facts to fold, rows to fold them into, and the description that the projector runs by."""
