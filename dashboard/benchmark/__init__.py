"""Parts of the benchmark page: targets, the run, its results."""
