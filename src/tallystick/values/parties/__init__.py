"""Parties in the world: a base of them, lists, a register that finds them, and what a report means by a name."""
