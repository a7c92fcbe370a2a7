"""Columns of a roster's sheets: heading, other spellings, cleaner, what the template shows (pure)."""
