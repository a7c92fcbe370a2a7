"""A staff spreadsheet on its way into a school: read → records → plan → apply → undo."""
