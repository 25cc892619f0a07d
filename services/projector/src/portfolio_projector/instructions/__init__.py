"""What operators instruct the projector to do: rows that whoever projects the partition carries out and answers."""
