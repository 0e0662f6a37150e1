"""Views of the compare page, one file each."""
