"""Fixtures and factories shared by several test modules."""
