"""What operators instruct the ledger to do: rows that whoever serves the partition carries out and answers."""
