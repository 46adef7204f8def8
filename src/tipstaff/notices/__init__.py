"""Notices: what they say, and the carriers that take them to an address."""
