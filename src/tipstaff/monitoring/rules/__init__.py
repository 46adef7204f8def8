"""One rule a file: what it makes of facts, as the slow and obvious reference has it."""
