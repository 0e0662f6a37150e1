"""Tokenizers of the shipped tables, optional packages, and texts that are hard to count."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

import pytest

from costing.tokenization.vocabularies import EXTRAS_VARIABLE, uses_extras
from pricing.rows import Tokenizer
from tests.support.factories import frozen_prices

HARD_TEXTS = {
    "a million blanks": (" " * 1_000_000, "blanks in a row"),
    "ten million of one letter": ("a" * 10_000_000, "without a break"),
    "ten million NUL": ("\0" * 10_000_000, "without a break"),
    "a pile of marks": ("a" + "\u0301\u0316" * 499_999, "combining marks in a row"),
    "half characters": ("\ud800" * 1_000_000, None),
    "a million Han": ("漢" * 1_000_000, None),
    "a million NUL": ("\0" * 1_000_000, None),
    "NUL, then a letter": ("\0" * 900_000 + "a", None),
    "families": ("👩‍👧‍👦 🏳️‍🌈 " * 80_000, None),
    "right to left": ("שלום عليكم \u202e!" * 80_000, None),
    "special tokens": ("<|im_end|><｜begin▁of▁sentence｜>[INST]</s>" * 20_000, None),
}
"""Name -> text, and part of the error if the text may be refused."""


def need_package(package: str) -> None:
    """Skip the test if the optional package is missing, unless the run requires it."""
    if not uses_extras():
        pytest.skip(f"{EXTRAS_VARIABLE}=off")
    if find_spec(package.replace("-", "_")) is not None:
        return
    if package == "ctok" and sys.version_info < (3, 12):
        pytest.skip("ctok needs Python 3.12 or newer")
    if os.environ.get(EXTRAS_VARIABLE) == "required":
        pytest.fail(f"{package} is not installed (pip install -r requirements-extras.txt)")
    pytest.skip(f"{package} is not installed (pip install -r requirements-extras.txt)")


def frozen_tokenizer(name: str) -> Tokenizer:
    return frozen_prices().get(Tokenizer, name)
