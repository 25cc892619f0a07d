"""The write side: doors, judge, and the rules of the domain."""
