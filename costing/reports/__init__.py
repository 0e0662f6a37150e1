"""Results as rows for files, tables and printed text."""
