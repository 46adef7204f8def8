"""Backup files: one tar within an age file. Knows files and keys, not what they hold."""
