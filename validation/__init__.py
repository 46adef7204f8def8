"""Validation: figures with intervals, beside the rule they are to beat. See docs/validation."""
