"""The living county of the demonstration: everybody made up, everything done by the use cases."""
