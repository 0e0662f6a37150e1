"""Numerical methods: crossings, goal seek, quantiles."""
