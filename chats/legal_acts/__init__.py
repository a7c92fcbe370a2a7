"""The acts of the library: their kinds and states, and what the library begins with."""
