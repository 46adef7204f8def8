"""The live engine: from facts of one wearer to findings. Pure: no clock, no database, no log."""
