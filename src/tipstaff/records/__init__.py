"""Records: crimes, devices, runs, audit (Django app)."""
