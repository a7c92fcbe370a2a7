"""The chats a school runs: reading them against its people, changing them, their pages and REST."""
