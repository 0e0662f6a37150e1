"""Parts of the page about the 25 M claim, one file each."""
