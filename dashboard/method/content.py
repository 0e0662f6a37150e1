"""Sections of the method text, with the values that the code holds."""

from __future__ import annotations

import platform
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pandas as pd

from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY, PRESETS, Claim
from costing.fleet.training import FLOPS_PER_PARAMETER
from costing.scenario import library
from costing.serving import ttft
from costing.serving.measured_curve import CURVE_SIGMA_LOG
from costing.uncertainty.inputs import ONE_POINT_SIGMA_LOG
from costing.uncertainty.monte_carlo import DRAWS, SHARES
from costing.units import DAYS_PER_MONTH, HOURS_PER_MONTH
from frames.frame import frame
from frames.registry import columns
from i18n.large_number import scaled
from i18n.message import N_, Translate, figure
from pricing.book import PriceBook
from pricing.rows import TABLES, ThroughputPrior

FOLDER: Final = Path(__file__).parent
PYPROJECT: Final = Path(__file__).parents[2] / "pyproject.toml"
MIXTURE, DENSE = N_("mixture of experts"), N_("dense")
HARDWARE_CLASS: Final = N_("{vendor} {kind}, {structure}")
NO_VOLUME: Final = N_("no volume")
PERCENTILE: Final = N_("{n}th")
BLOCKS: Final = ("strategies", "priors", "evidence", "tables", "glossary", "version")
"""Values that are a part of the page of their own: each stands alone on its line."""
PACKAGES: Final = ("streamlit", "plotly", "pandas", "tiktoken", "pyyaml")
PRICE_TABLES: Final = columns("price_table price_rows first_check last_check")
PRIORS: Final = columns(
    "hardware_class mbu mfu_decode mfu_prefill step_overhead_ms layer_overhead_us sigma_log"
)
_PLACEHOLDER: Final = re.compile(r"\[\[(\w+)\]\]")
_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)


@cache
def sections(language: str) -> tuple[tuple[str, str], ...]:
    """(heading, Markdown) in order; English where a language has no text."""
    path = FOLDER / f"{language}.md"
    if not path.exists():
        path = FOLDER / "en.md"
    parts = _HEADING.split(path.read_text(encoding="utf-8"))
    return tuple((heading, text.strip()) for heading, text in zip(parts[1::2], parts[2::2], strict=True))


def placeholders(text: str) -> set[str]:
    """Names of the values in a text."""
    return set(_PLACEHOLDER.findall(text))


def split_blocks(text: str) -> list[str]:
    """The text cut at its blocks: Markdown and names of blocks in turn, Markdown first."""
    return re.split(rf"\[\[({'|'.join(BLOCKS)})\]\]", text)


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; raises KeyError for one that is not known."""
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], text)


def values(book: PriceBook, translate: Translate) -> dict[str, str]:
    """Value by name, as it stands in a sentence. Raises CrossoverError if the claim has no price."""
    claims = {}
    for tenure, name in PRESETS.items():
        scenario = library.load_scenario(name)
        tokens = Claim(scenario, book.on(scenario.on)).break_even.tokens_per_day
        claims[tenure] = translate(NO_VOLUME) if tokens is None else scaled(tokens, translate)
    return {
        "days_per_month": figure(DAYS_PER_MONTH),
        "hours_per_month": figure(HOURS_PER_MONTH),
        "curve_sigma": figure(CURVE_SIGMA_LOG),
        "point_sigma": figure(ONE_POINT_SIGMA_LOG),
        "ttft_fixed": figure(ttft.FIXED_S),
        "ttft_prefills": figure(ttft.PREFILLS),
        "ttft_steps": figure(ttft.STEPS),
        "ttft_sigma": figure(ttft.SIGMA_LOG),
        "flops_full": str(FLOPS_PER_PARAMETER["full"]),
        "flops_lora": str(FLOPS_PER_PARAMETER["lora"]),
        "claimed": scaled(CLAIMED_TOKENS_PER_DAY, translate),
        "claim_owned": claims["owned"],
        "claim_rented": claims["rented"],
        "draws": f"{DRAWS:,}",
        "low_percentile": _ordinal(SHARES[0], translate),
        "high_percentile": _ordinal(SHARES[-1], translate),
    }


def _ordinal(share: float, translate: Translate) -> str:
    return translate(PERCENTILE).format(n=figure(share * 100))


def price_tables(book: PriceBook) -> pd.DataFrame:
    """PRICE_TABLES: number of rows of each table, and the days of the first and the last check."""
    checks: dict[str, list[date]] = {}
    for table, row_id in book.ids():
        checks.setdefault(table, []).extend(row.checked_on for row in book.history(TABLES[table], row_id))
    return frame(
        PRICE_TABLES,
        [
            {
                "price_table": table,
                "price_rows": len(days),
                "first_check": min(days),
                "last_check": max(days),
            }
            for table, days in checks.items()
        ],
    )


def priors(book: PriceBook, translate: Translate) -> pd.DataFrame:
    """PRIORS: efficiencies of each class of hardware and model."""
    ids = [row_id for table, row_id in book.ids() if TABLES[table] is ThroughputPrior]
    return frame(
        PRIORS,
        [
            {
                "hardware_class": translate(HARDWARE_CLASS).format(
                    vendor=row.gpu_vendor,
                    kind=translate(row.gpu_kind),
                    structure=translate(MIXTURE if row.mixture_of_experts else DENSE),
                ),
                "mbu": float(row.mbu),
                "mfu_decode": float(row.mfu_decode),
                "mfu_prefill": float(row.mfu_prefill),
                "step_overhead_ms": float(row.step_overhead_ms),
                "layer_overhead_us": float(row.layer_overhead_us),
                "sigma_log": float(row.sigma_log),
            }
            for row_id in ids
            for row in book.history(ThroughputPrior, row_id)
        ],
    )


def versions() -> list[tuple[str, str]]:
    """(name, version) of the project, of Python and of the main packages."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    return [
        ("Crossover", str(project["version"])),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in PACKAGES),
    ]
