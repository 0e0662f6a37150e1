"""The one time limit of the tests: it ends what hangs, and decides no outcome."""

from __future__ import annotations

from typing import Final

HANG_S: Final = 300
