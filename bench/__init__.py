"""Benchmark of an endpoint's speed: knows no price, and runs as its own process."""
