"""Messages, errors, translation and command-line basics; every package may import it."""
