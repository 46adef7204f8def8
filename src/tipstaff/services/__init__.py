"""Use cases: one function each; access checked, audited, one transaction."""
