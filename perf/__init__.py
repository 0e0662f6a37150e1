"""Performance scripts: each measures a ratio to a named baseline or peer in one run."""
