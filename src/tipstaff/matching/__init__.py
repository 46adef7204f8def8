"""Matching crimes against trails: candidates with strength, exclusions with reasons. Pure."""
