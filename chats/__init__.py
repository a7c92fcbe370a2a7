"""How a school talks: its chats and the use cases they serve."""
