"""Tallystick: from contradictory reports of a war to a record one can check."""

__version__ = "0.1.0"
