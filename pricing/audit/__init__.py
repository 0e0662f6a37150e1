"""Checks of valid price rows that look wrong."""
