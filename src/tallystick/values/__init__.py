"""Kinds of fact: each file reads one kind out of words, compares two of them, and writes it.

count · when · place · party · agreement. "Could not tell" is a value everywhere here
(``None`` bounds, precision ``unknown``), never a default.
"""
