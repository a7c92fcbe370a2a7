"""People who work in schools."""
