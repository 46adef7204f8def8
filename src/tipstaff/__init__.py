"""Tipstaff: GPS electronic monitoring that says how strong its evidence is."""

__version__ = "0.1.0"
