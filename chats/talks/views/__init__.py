"""Pages of the chats a school runs."""
