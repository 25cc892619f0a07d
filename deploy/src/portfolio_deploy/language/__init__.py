"""The published language at the terminal: what there is to say, and what is wrong with what somebody wants to say."""
