"""The error for bad input, with one line for each fault."""

from __future__ import annotations

from .message import Message, message


class CrossoverError(ValueError):
    """Bad input: one line that names the place, what was found and what to do.

    `faults` holds every fault of the input; the error's text is one line for each.
    """

    def __init__(self, *errors: Message) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))

    def at(self, place: str) -> CrossoverError:
        """The same errors, each with its place before it, as the name of a file."""
        return CrossoverError(*(message("{place}: {what}", place=place, what=each) for each in self.errors))
