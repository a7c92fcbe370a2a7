"""Operators' tables: read, planned, confirmed, undone."""
