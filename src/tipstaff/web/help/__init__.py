"""Help in context: what each kind of page shows and cannot show, each role's first day, the words."""
