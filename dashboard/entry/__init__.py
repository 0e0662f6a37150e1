"""Entry: the script of the pages, and the server around it."""
