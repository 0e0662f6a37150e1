"""The resolver of model names on a million names of 500 kinds, beside a dictionary look-up in the same run.

Run: python -m perf.names [repeats]
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable

from pricing.catalogue import catalogue
from pricing.load import shipped_book
from pricing.names.model_names import ModelNames
from pricing.quote.model_names import Resolver

MANY = 1_000_000
KINDS = 500
SPELLINGS = {"google": "vertex_ai", "bedrock": "amazon-bedrock", "azure": "azure openai", "xai": "x_ai"}
FORMS: tuple[Callable[[str, str], tuple[str, str]], ...] = (
    lambda seller, model: (seller, model),
    lambda seller, model: ("", f"{seller}/{model}"),
    lambda seller, model: ("", f"{seller}/{model}".upper()),
    lambda seller, model: (SPELLINGS.get(seller, seller), model),
    lambda seller, model: (seller, f"{model}-2026-06-30"),
    lambda seller, model: ("openai", f"ft:{model}:acme::id"),
    lambda seller, model: ("", f"projects/p/locations/us-central1/publishers/{seller}/models/{model}"),
    lambda seller, model: ("", f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{model}"),
    lambda seller, model: (seller, f"{model}-unknown"),
)


def kinds(rng: random.Random) -> list[tuple[str, str]]:
    """500 pairs (provider, model): ids of both tables in nine ways of writing, unknown ones included."""
    ids = [*shipped_book().quoted, *catalogue().histories]
    pairs: dict[tuple[str, str], None] = {}
    while len(pairs) < KINDS:
        seller, _, model = rng.choice(ids).partition("/")
        pairs[rng.choice(FORMS)(seller, model)] = None
    return list(pairs)


def cpu_s(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def main(repeats: int) -> None:
    rng = random.Random(20261201)
    different = kinds(rng)
    names = rng.choices(different, k=MANY)
    known = dict.fromkeys(different, "openai/gpt-4o")
    book = shipped_book()

    def look_up() -> None:
        for name in names:
            known[name]

    def find() -> None:
        resolver = ModelNames(book.bases)
        for provider, model in names:
            resolver.find(model, provider)

    def histories() -> None:
        vars(book).pop("names", None)  # nothing resolved before
        resolver = Resolver(book)
        for provider, model in names:
            resolver.key(provider, model, "standard")

    first = cpu_s(lambda: [ModelNames(book.bases).find(model, provider) for provider, model in different[:1]])
    measured: dict[str, list[float]] = {
        "a dictionary": [],
        "names to ids": [],
        "names to price histories": [],
    }
    for _ in range(repeats):  # alternate, so that a slow moment affects all
        for name, work in zip(measured, (look_up, find, histories), strict=True):
            measured[name].append(cpu_s(work))
    base = statistics.median(measured["a dictionary"])
    ids = ModelNames(book.bases)
    priced = sum(isinstance(ids.find(model, provider), str) for provider, model in different)
    print(f"{priced} of {KINDS} kinds have a row; the first name of a resolver: {first * 1000:.0f} ms\n")
    print("| CPU seconds per million names, median | | beyond the dictionary |")
    print("|---|---|---|")
    for name, values in measured.items():
        median = statistics.median(values)
        print(f"| {name} | {median:.3f} | {'' if name == 'a dictionary' else f'{median - base:.3f}'} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
