"""Orders: what they say, in the cases their sentences need."""
