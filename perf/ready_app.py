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
from dashboard import verdict


def _once(work: Callable[..., Any], volume_of: Callable[..., float]) -> Callable[..., Any]:
    """Worked out once for each volume, which is all that a move of the slider changes."""
    found: dict[float, Any] = {}

    def ready(*given: Any) -> Any:
        volume = volume_of(*given)
        if volume not in found:
            found[volume] = work(*given)
        return found[volume]

    return ready


def _own(comparison: Comparison, *_: Any) -> float:
    return comparison.scenario.requests_per_day


if not hasattr(verdict, "is_ready"):  # once a process, not once a run
    verdict.is_ready = True  # type: ignore[attr-defined]
    Comparison.at = _once(Comparison.at, lambda _, volume: volume)  # type: ignore[method-assign]
    for module, names in (
        (verdict, ("verdict", "caveat", "horizon_verdict")),
        (report, ("line_rows", "month_rows")),
        (volume_report, ("crossing_rows",)),
    ):
        for name in names:
            setattr(module, name, _once(getattr(module, name), _own))
runpy.run_path(str(Path(__file__).parent.parent / "app.py"))
