"""Places of the checkout that tests read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
APP: Final = str(ROOT / "app.py")
GOLDEN: Final = ROOT / "tests" / "golden"
