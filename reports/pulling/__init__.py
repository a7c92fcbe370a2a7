"""How a rating leaves the portal whole or by pages: the question, its rows as text, the files."""
