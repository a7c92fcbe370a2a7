"""Appointing from a spreadsheet: columns, reading, plan, applying, the template."""
