"""Comparison of strategies: a month, the horizon, break-even, payback and retirements."""
