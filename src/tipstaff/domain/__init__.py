"""Values and small functions of the field. Pure: no file, socket, clock, database or log."""
