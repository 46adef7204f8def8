"""Bytes ⇄ values: every file format, given an open stream or bytes. Opens nothing itself."""
