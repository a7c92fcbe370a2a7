"""Chats from a spreadsheet or an operator's export: columns, recognising, plan, writing, undo, the files given out."""
