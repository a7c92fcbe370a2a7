"""Orders (приказы): their templates, the forms of names they ask for, their layout, and what they set in motion."""
