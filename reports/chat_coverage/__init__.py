"""How many chats of each case schools should have and have, counted for any part of the country as a set."""
