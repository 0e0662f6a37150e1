"""Run request: load settings, their limits, and the arguments of the harness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from i18n.errors import CrossoverError
from i18n.message import message

from .targets import BenchmarkTarget

MAX_STREAMS: Final = 256
MAX_RATE_PER_S: Final = 200.0
MAX_LEVELS: Final = 12
MAX_REQUESTS: Final = 5_000
MAX_TOKENS: Final = 32_768

N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Settings of one run; `target` None is the embedded demo server."""

    target: BenchmarkTarget | None
    sweep: bool = False
    concurrencies: tuple[int, ...] = (1, 2, 4)
    rates_per_s: tuple[float, ...] = ()
    requests: int = 20
    input_tokens: int = 256
    output_tokens: int = 64
    slo_ttft_ms: float | None = None
    slo_tpot_ms: float | None = None

    @property
    def level_names(self) -> tuple[str, ...]:
        """Names of the levels as the harness prints them; none for a sweep, which chooses its own levels."""
        if self.sweep:
            return ()
        return (
            *(f"concurrency {concurrency}" for concurrency in self.concurrencies),
            *(f"{rate:g} requests/s, poisson" for rate in self.rates_per_s),
        )

    def arguments(self, result: Path) -> list[str]:
        """Arguments of `python -m bench`, as `--option=value`, so that no value can become an option."""
        if self.sweep and self.slo_ttft_ms is None and self.slo_tpot_ms is None:
            raise CrossoverError(
                message("Finding the maximum load needs an SLO (give a limit for TTFT or TPOT)")
            )
        if not self.sweep and not self.level_names:
            raise CrossoverError(message("No load to measure (give a concurrency or a rate)"))
        if not self.sweep and self.concurrencies and max(self.concurrencies) > self.requests:
            raise CrossoverError(
                message(
                    "{many} at once are more than {requests} requests per load (raise the requests)",
                    many=max(self.concurrencies),
                    requests=self.requests,
                )
            )
        if self.target is None:
            words = ["demo", *(["--sweep"] if self.sweep else [])]
        else:
            words = [
                "sweep" if self.sweep else "run",
                f"--url={self.target.url}",
                f"--model={self.target.model}",
                f"--api={self.target.api}",
                f"--key-variable={self.target.key_variable}",  # empty: no key of this server is sent
                f"--server={self.target.server}",
            ]
        words += [
            f"--requests={self.requests}",
            f"--input-tokens={self.input_tokens}",
            f"--output-tokens={self.output_tokens}",
        ]
        if not self.sweep and self.concurrencies:
            words.append("--concurrency=" + ",".join(map(str, self.concurrencies)))
        if not self.sweep and self.rates_per_s:
            words.append("--rate=" + ",".join(f"{rate:g}" for rate in self.rates_per_s))
        if self.slo_ttft_ms is not None:
            words.append(f"--slo-ttft-ms={self.slo_ttft_ms:g}")
        if self.slo_tpot_ms is not None:
            words.append(f"--slo-tpot-ms={self.slo_tpot_ms:g}")
        return [*words, f"--json={result}"]


def concurrencies(text: str) -> tuple[int, ...]:
    """Concurrencies in a text such as '1, 2, 4'; raises CrossoverError."""
    return _numbers(text, int, MAX_STREAMS)


def rates(text: str) -> tuple[float, ...]:
    """Rates per second in a text such as '0.5, 1'; raises CrossoverError."""
    return _numbers(text, float, MAX_RATE_PER_S)


def _numbers(text: str, kind: Callable[[str], N], most: float) -> tuple[N, ...]:
    parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    numbers: list[N] = []
    for part in parts:
        try:
            value = kind(part)
        except ValueError:
            value = kind("0")
        if not 0 < value <= most or not part.isascii():
            raise CrossoverError(
                message(
                    "'{part}' is no load from above 0 to {most:g} (write 1, 2, 4)", part=part[:20], most=most
                )
            )
        numbers.append(value)
    if len(set(numbers)) < len(numbers) or len(numbers) > MAX_LEVELS:
        raise CrossoverError(
            message(
                "'{text}': a load twice, or more than {most} (leave some out)",
                text=text[:40],
                most=MAX_LEVELS,
            )
        )
    return tuple(numbers)
