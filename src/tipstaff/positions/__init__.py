"""Positions at rest: the archive and the queries on it."""
