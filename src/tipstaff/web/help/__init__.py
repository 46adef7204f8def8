"""Help: what each kind of page shows and cannot show, the first day of each role, the words."""
