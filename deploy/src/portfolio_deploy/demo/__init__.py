"""The demo portfolio: two years of an insurer's change, in three ways of delivery, as its own systems would have told them.

`story` puts the strands together; each strand (a file in `strands/`) is a chapter of its own: add one, and it is told. What is
told depends on the end date, the seed and the code alone, byte for byte.
"""
