"""Tokens page: prompt, tokens drawn, counts, costs and savings."""
