"""Paths of the checkout that tests read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
APP: Final = str(ROOT / "dashboard" / "entry" / "main.py")
GOLDEN: Final = ROOT / "tests" / "golden"
FROZEN_TABLES: Final = GOLDEN / "price_tables_2026_11_30"
"""The price tables as of that day. Tests quote figures of these, never of the shipped tables."""
