"""The app with its own work done beforehand: what is left of a move is Streamlit's and the browser's.

Every figure of a volume is worked out once and then handed over, so a second move to it costs no model time.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from costing import report, volume_report
from costing.compare import Comparison
from dashboard import compare_page, verdict


def _once(work: Callable[..., Any]) -> Callable[..., Any]:
    """By the volume of its scenario or comparison, which is all that a move of the slider changes."""
    found: dict[float, Any] = {}

    def ready(first: Any, *others: Any) -> Any:
        volume = first.scenario.requests_per_day if isinstance(first, Comparison) else first.requests_per_day
        if volume not in found:
            found[volume] = work(first, *others)
        return found[volume]

    return ready


if not hasattr(compare_page, "is_ready"):  # once a process, not once a run
    compare_page.is_ready = True  # type: ignore[attr-defined]
    compare_page.compare = _once(compare_page.compare)  # type: ignore[attr-defined]
    for name in ("verdict", "caveat", "horizon_verdict"):
        setattr(verdict, name, _once(getattr(verdict, name)))
    report.line_rows = _once(report.line_rows)
    report.month_rows = _once(report.month_rows)
    volume_report.crossing_rows = _once(volume_report.crossing_rows)
runpy.run_path(str(Path(__file__).parent.parent / "app.py"))
