"""Documents for people: the report and its maps."""
