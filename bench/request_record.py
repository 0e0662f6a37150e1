"""Per-request record: timestamps, token counts, outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CountedFrom = Literal["stream", "spread", "chunks"]
Fault = Literal["connect", "tls", "http status", "malformed", "timeout", "disconnect"]


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request. Every instant is in seconds of one clock, whose zero the result names.

    `due_s` is when the load pattern scheduled it, `start_s` when the client began to connect: their
    difference is the client's lateness, which open-loop latencies include.
    """

    due_s: float
    start_s: float
    end_s: float
    connected_s: float | None = None
    first_byte_s: float | None = None
    chunk_s: tuple[float, ...] = ()
    """Arrival time of the last byte of every chunk with content."""
    chunk_tokens: tuple[int, ...] = ()
    """Tokens of each chunk; they sum to the server's usage, unless usage counts fewer."""
    chunk_tokens_from: CountedFrom = "chunks"
    """Counted by the server per chunk; usage spread over the chunks; or one a chunk, for want of usage."""
    input_tokens: int | None = None
    """The server's own count; None where it sent none."""
    cached_tokens: int | None = None
    usage_output_tokens: int | None = None
    finish_reason: str | None = None
    fault: Fault | None = None
    status: int | None = None
    problem: str = ""
    """Description of the fault."""
    warmup: bool = False
    asked_output_tokens: int | None = None

    @property
    def ok(self) -> bool:
        """A finish reason and a complete body."""
        return self.fault is None

    @property
    def kind(self) -> str:
        """The kind of error, with the status where there is one."""
        if self.fault == "http status":
            return f"http {self.status}"
        return self.fault or ""

    @property
    def output_tokens(self) -> int:
        """From the server's usage if sent, else one per chunk."""
        return sum(self.chunk_tokens) if self.usage_output_tokens is None else self.usage_output_tokens
