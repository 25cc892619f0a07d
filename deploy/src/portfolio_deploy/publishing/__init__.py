"""Publishing events over HTTP: from files and standard input to the verdict on each of them."""
