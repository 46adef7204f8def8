"""`python -m tipstaff`."""
