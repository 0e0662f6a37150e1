"""Undo history: a value with its earlier and later versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

MAX_STEPS: Final = 50

V = TypeVar("V")


@dataclass(slots=True)
class History(Generic[V]):
    """An immutable value with the versions before and after it, oldest first and newest last."""

    value: V
    past: list[V] = field(default_factory=list)
    future: list[V] = field(default_factory=list)
    """Versions that were undone, the next one to redo last."""
    drag_id: int | None = None
    """Id of the pointer drag that made the last change."""

    def put(self, changed: V, drag_id: int | None = None) -> None:
        """Replace the value. All changes of one drag are one step; a drag back to its start is none."""
        if changed == self.value:
            return
        is_same_drag = drag_id is not None and drag_id == self.drag_id
        if is_same_drag and self.past and self.past[-1] == changed:
            self.value, self.drag_id = self.past.pop(), None
            return
        if not is_same_drag:
            self.past.append(self.value)
            del self.past[:-MAX_STEPS]
        self.value, self.drag_id = changed, drag_id
        self.future.clear()

    def undo(self) -> None:
        """Return to the version before; without one, nothing changes."""
        if self.past:
            self.future.append(self.value)
            self.value, self.drag_id = self.past.pop(), None

    def redo(self) -> None:
        """Return to the version that was undone last; without one, nothing changes."""
        if self.future:
            self.past.append(self.value)
            self.value, self.drag_id = self.future.pop(), None
