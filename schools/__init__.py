"""Places, the people of a place, and who answers for them."""
