"""Benchmarks: what a task takes, beside a bare peer or floor measured in the same run."""
