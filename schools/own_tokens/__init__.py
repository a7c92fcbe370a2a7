"""Tokens of REST that a person makes for herself in the profile: rights, services, pages."""
