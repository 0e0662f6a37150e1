"""The only time limit of the tests: it stops a hanging test and decides no outcome."""

from __future__ import annotations

from typing import Final

HANG_S: Final = 300
