"""Parts of the prices page, one file each."""
