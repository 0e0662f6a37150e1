"""New price rows proposed from the catalogue."""
