"""Patterns of life: the routine a trail is compared with. Pure."""
