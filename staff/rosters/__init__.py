"""Classes, pupils and their representatives on their way into a school: sheets → records → plan → apply → undo."""
