"""Chart specifications: one function per chart, from rows to a specification."""
