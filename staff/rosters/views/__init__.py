"""Pages of classes, pupils and representatives, their uploads and the change of school years."""
