"""Scenarios: their parts, and their YAML files."""
