"""Engines that run a matching plan."""
