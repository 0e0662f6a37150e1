"""Charts: one function for each, from rows to a specification."""
