"""One file a strategy; this folder is the register."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from ..strategy.base import Strategy


@lru_cache(maxsize=1)
def registered() -> dict[str, type[Strategy]]:
    """Id -> class of every strategy in this folder."""
    found: dict[str, type[Strategy]] = {}
    for module in pkgutil.iter_modules(__path__, __name__ + "."):
        loaded = importlib.import_module(module.name)
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, Strategy) and value.__module__ == module.name:
                found[value.id()] = value
    return dict(sorted(found.items(), key=lambda item: item[1].order))
