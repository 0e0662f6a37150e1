"""The benchmark page, part by part: what may be measured, the run, its results."""
