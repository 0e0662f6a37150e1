"""Frames: pandas DataFrames with documented columns, the one source of tables, files and figures."""
