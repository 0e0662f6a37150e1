"""Requests, conversations and the load over a day."""
