"""The feed of changes: telling of them, numbering them, giving them out."""
