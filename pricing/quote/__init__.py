"""Exact prices of real usage: one request, or files of them."""
