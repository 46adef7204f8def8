"""Transports: how suppliers' messages reach the intake (HTTP, a watched folder)."""
