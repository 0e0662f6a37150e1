"""How many GPUs answer the load: speed of a replica, spares, whole servers."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from i18n.message import N_, message
from pricing.rows import UnknownFigure

from ..serving import replicas as fleet
from ..serving.gpu_memory import Memory, MemoryPart
from ..serving.queueing import mean_wait_s
from ..serving.roofline import check_known
from ..serving.throughput import Replica, Throughput
from ..serving.ttft import FirstToken
from ..strategy.base import Infeasible, choice, knob, share
from ..strategy.common_knobs import image_count, reasoning_knob
from ..units import Quantity, Unit
from ..workload.workload import Prompt, Workload
from . import latency_limits as limits
from .measured_capacity import MeasuredRoom
from .replica import ServedFleet
from .replica_speed import ReplicaSpeed, replica_speed

RENTED = ("tenure", "rented")
OWNED = ("tenure", "owned")


@dataclass(frozen=True, slots=True)
class Share:
    """What of a workload's requests the fleet answers."""

    of_requests: float
    peak_to_average: float
    """Its highest load over the average load of the whole workload."""


@dataclass(frozen=True, slots=True)
class FleetSize:
    """Whole replicas and servers; arrays where the volumes are one."""

    needed_replicas: Quantity
    replicas: Quantity
    """Spares included."""
    servers: Quantity
    gpus: Quantity
    """All that are paid for: of whole servers."""


@dataclass(frozen=True, kw_only=True)
class SizedFleet(ServedFleet):
    """replicas = ceil(peak requests per second / (capacity x target utilisation)), and spares."""

    tenure: str = choice(
        "rented",
        {"rented": N_("Rented by the hour"), "owned": N_("Bought")},
        label=N_("GPUs"),
        help=N_("Rent around the clock, or buy and run your own."),
    )
    target_utilisation_share: float = knob(
        0.7,
        label=N_("Target utilisation"),
        unit=Unit.SHARE,
        low=0.05,
        high=1,
        step=0.05,
        help=N_("Share of a replica's capacity that is planned for; the rest keeps waiting short."),
    )
    redundancy: str = choice(
        "spares",
        {"spares": N_("N + spare replicas"), "doubled": N_("N + N: all of it twice")},
        label=N_("Redundancy"),
        help=N_("What stands ready for failures: some replicas more, or a second fleet of the same size."),
    )
    spare_replicas: int = knob(
        1,
        label=N_("Spare replicas"),
        unit=Unit.COUNT,
        low=0,
        high=64,
        help=N_("Extra replicas for failures."),
        when=("redundancy", "spares"),
    )
    gpus_per_server: int = knob(
        1,
        label=N_("GPUs per server"),
        unit=Unit.COUNT,
        low=1,
        high=144,
        help=N_(
            "Servers are paid for whole, and a replica stays within one where it fits. 1: GPUs can be had "
            "singly."
        ),
    )
    hours_on_share: float = knob(
        1.0,
        label=N_("Hours switched on"),
        unit=Unit.SHARE,
        low=0.05,
        high=1,
        step=0.05,
        help=N_(
            "Rented GPUs on demand are paid for these hours only; all requests must then come within them."
        ),
        when=RENTED,
    )
    speed_factor: float = knob(
        1.0,
        label=N_("Speed, as a multiple"),
        unit=Unit.RATIO,
        low=0.01,
        high=100,
        step=0.05,
        help=N_("Of what was measured or predicted. 0.8: a fifth slower, as live traffic often is."),
    )
    slowest_ms_per_token: float = knob(
        0.0,
        label=N_("Longest time per output token"),
        unit=Unit.MILLISECONDS,
        low=0,
        high=10_000,
        step=5,
        help=N_(
            "Mean time between tokens (TPOT) that is allowed: fewer requests share a replica. 0: no limit."
        ),
    )
    slo_ttft_ms: float = knob(
        0.0,
        label=N_("Longest time to the first token"),
        unit=Unit.MILLISECONDS,
        low=0,
        high=600_000,
        step=100,
        help=N_(
            "Time to first token (TTFT) that a typical request may take at the target utilisation, prefill "
            "and waiting for a place included; estimated. Fewer requests share a replica. 0: no limit."
        ),
    )
    adapters: int = knob(
        0,
        label=N_("LoRA adapters"),
        unit=Unit.COUNT,
        low=0,
        high=10_000,
        help=N_(
            "Tuned adapters kept in memory beside one base model; they leave less room for requests. Own "
            "LoRA training, if any, is of each."
        ),
    )
    adapter_gib: float = knob(
        0.2,
        label=N_("Memory per adapter"),
        unit=Unit.GIB,
        low=0,
        high=100,
        step=0.1,
        help=N_("Of one adapter, over all GPUs of a replica; it depends on the rank and the tuned layers."),
    )
    instruction_kept_share: float = share(
        1.0,
        label=N_("Instructions still in the prompt"),
        help=N_("1 for a base model; less if the open model is tuned on them."),
    )
    example_kept_share: float = share(
        1.0,
        label=N_("Examples still in the prompt"),
        help=N_("1 for a base model; less if the open model is tuned on them."),
    )
    knowledge_kept_share: float = share(
        1.0,
        label=N_("Knowledge still in the prompt"),
        help=N_("1 for a base model; less if the open model is tuned on them."),
    )

    reasoning_tokens: int = reasoning_knob()

    @property
    def fleet_tokenizer(self) -> str:
        """Of the open model."""
        return self.served.model.tokenizer

    def fleet_prompt(self, workload: Workload) -> Prompt:
        """The request as the open model gets it."""
        return workload.prompt(
            self.fleet_tokenizer,
            instruction_share=self.instruction_kept_share,
            example_share=self.example_kept_share,
            knowledge_share=self.knowledge_kept_share,
            image=image_count(workload, self.served.model.id),
            reasoning_tokens=self.reasoning_tokens,
        )

    @property
    def on_share(self) -> float:
        """Of all hours: how long the fleet runs."""
        return self.hours_on_share if self.tenure == "rented" else 1.0

    def fleet_share(self, workload: Workload) -> Share:
        """All requests; those of a whole day within the hours that the fleet is on."""
        return Share(1.0, max(workload.peak_to_average, 1 / self.on_share))

    def speed(self, workload: Workload) -> Throughput:
        """Of one replica at this workload's lengths; raises Infeasible where it does not fit."""
        return self.pace(workload).full

    def pace(self, workload: Workload) -> ReplicaSpeed:
        """The same with what it rests on."""
        prompt = self.fleet_prompt(workload)
        asked = (*_lengths(prompt), prompt.longest_tokens)
        if any(np.ndim(length) for length in asked):
            return self._drawn_pace(workload, asked)
        if asked not in self._paces:
            self._paces[asked] = self._limited(*asked)
        return self._paces[asked]

    def _drawn_pace(self, workload: Workload, asked: tuple[float, float, float]) -> ReplicaSpeed:
        """For draws: only the last is kept, which the lines of one bill ask for several times."""
        last, of = self._last_drawn, (workload.tokens, workload.turns, workload.tool_calls, workload.images)
        if not last or any(one is not now for one, now in zip(last[:-1], of, strict=True)):
            last[:] = [*of, self._limited(*asked)]
        found: ReplicaSpeed = last[-1]
        return found

    @cached_property
    def _last_drawn(self) -> list[Any]:
        """Token counts, turns, tool calls, images, and their pace."""
        return []

    @cached_property
    def _paces(self) -> dict[tuple[float, float, float], ReplicaSpeed]:
        """(input, output, longest) tokens -> what was found."""
        return {}

    @property
    def adapter_bytes(self) -> float:
        """Of all adapters together."""
        return self.adapters * self.adapter_gib * 2**30

    @property
    def _loaded(self) -> Memory:
        """The memory of a replica, adapters among the weights."""
        memory = self.memory
        return replace(memory, weight_bytes=memory.weight_bytes + self.adapter_bytes)

    def requests_in_memory(self, workload: Workload) -> float:
        """As many as share a replica when it is full; raises UnknownFigure as `memory_parts`."""
        prompt = self.fleet_prompt(workload)
        fits = self._loaded.largest_concurrency(*_lengths(prompt))
        return min(self.speed(workload).concurrency, float(fits))

    def memory_parts(self, workload: Workload) -> tuple[MemoryPart, ...]:
        """What takes the memory of a full replica; raises Infeasible where it does not fit, and UnknownFigure
        where the tables do not say."""
        prompt = self.fleet_prompt(workload)
        return self._loaded.parts(*_lengths(prompt), self.requests_in_memory(workload))

    def _room(self) -> Replica | Memory | MeasuredRoom:
        """The memory of a replica, adapters loaded; or, where that is unknown, what it was seen to hold."""
        row, served = self.deployment, self.served
        if row is None and not served.gpu.is_cpu:
            check_known(served.model, served.gpu)  # before advice on how many GPUs would do
        if row is not None and not self.is_own_curve:
            with suppress(UnknownFigure):  # its memory may be known without a roofline
                plain = self.replica
                return replace(plain, weight_bytes=plain.weight_bytes + self.adapter_bytes)
        try:
            return self._loaded
        except UnknownFigure as blank:
            if row is None or self.adapters:
                raise
            return MeasuredRoom(row, blank)

    def _limited(self, input_tokens: float, output_tokens: float, longest_tokens: float) -> ReplicaSpeed:
        """Within the model's window, the memory and the time per token.

        Raises Infeasible, or UnknownFigure where the tables leave blank what that takes.
        """
        served, room = self.served, self._room()
        if longest_tokens > served.model.context_window_tokens:
            raise Infeasible(
                message(
                    "{model}: prompt and answer of {found:,.0f} tokens exceed its window of {window:,} "
                    "(shorten the text, or retrieve)",
                    model=served.model.name,
                    found=longest_tokens,
                    window=served.model.context_window_tokens,
                )
            )
        if room.gpus_that_hold(longest_tokens) > room.gpus:
            raise Infeasible(
                message(
                    "{deployment} does not fit its GPUs at {tokens:,.0f} tokens of context: {gpus} of them "
                    "would",
                    deployment=served.name,
                    tokens=longest_tokens,
                    gpus=room.gpus_that_hold(longest_tokens),
                )
            )
        lengths = input_tokens, output_tokens
        fits = max(1.0, room.largest_concurrency(*lengths))
        pace = replica_speed(self, *lengths, fits).times(self.speed_factor)
        planned = pace.full
        pace = replace(pace, prefill=cache(lambda: limits.prefill_s(self, lengths, planned)))
        most = min(pace.full.concurrency, fits)
        in_time = limits.per_token(self, pace, most, self.slowest_ms_per_token)
        busy = self.target_utilisation_share
        return replace(
            pace, full=limits.first_token(self, pace, output_tokens, in_time, self.slo_ttft_ms, busy)
        )

    def capacity_requests_per_s(self, workload: Workload) -> float:
        """Of one replica, before target utilisation: answered with all their calls and tries."""
        output_tokens = self.fleet_prompt(workload).output_tokens * workload.tries_per_request
        return self.speed(workload).output_tokens_per_s / output_tokens

    def fleet_size(self, workload: Workload) -> FleetSize:
        needed = fleet.replicas(
            workload.requests_per_s * self.fleet_share(workload).peak_to_average,
            self.capacity_requests_per_s(workload),
            self.target_utilisation_share,
            0,
        )
        replicas = needed * 2 if self.redundancy == "doubled" else needed + self.spare_replicas
        servers = fleet.servers(replicas, self.served.gpus, self.gpus_per_server)
        return FleetSize(needed, replicas, servers, servers * self.gpus_per_server)

    def first_token(self, workload: Workload) -> FirstToken | None:
        """Of a typical request at the peak, spares left out; None where it is not known."""
        pace, answer = self.pace(workload), _lengths(self.fleet_prompt(workload))[1]
        engine_s = limits.engine_first_token_s(pace, answer, pace.full)
        if engine_s is None:
            return None
        return FirstToken(engine_s, mean_wait_s(*self.queue(workload)))

    def queue(self, workload: Workload) -> tuple[int, float, float]:
        """At the peak, spares left out: places, calls of the model a second, seconds that one takes."""
        speed, size = self.speed(workload), self.fleet_size(workload)
        slots = max(1, math.floor(float(np.max(size.needed_replicas)) * speed.concurrency))
        calls_per_s = speed.output_tokens_per_s / _lengths(self.fleet_prompt(workload))[1]
        calls_per_request = calls_per_s / self.capacity_requests_per_s(workload)
        rate = float(np.max(workload.requests_per_s)) * self.fleet_share(workload).peak_to_average
        return slots, rate * calls_per_request, speed.concurrency / calls_per_s

    def average_busy_share(self, workload: Workload) -> float:
        """Of the capacity that is on; the busiest of the volumes."""
        share_on = self.fleet_share(workload).of_requests / self.on_share
        return float(np.max(self._busy(workload, share_on)))

    def peak_busy_share(self, workload: Workload) -> float:
        return float(np.max(self._busy(workload, self.fleet_share(workload).peak_to_average)))

    def _busy(self, workload: Workload, of_average: float) -> Quantity:
        size = self.fleet_size(workload)
        return workload.requests_per_s * of_average / (self.capacity_requests_per_s(workload) * size.replicas)

    def step_requests_per_day(self, workload: Workload, most: int) -> npt.NDArray[np.float64]:
        return fleet.steps(
            fleet.requests_per_day_per_replica(
                self.capacity_requests_per_s(workload),
                self.target_utilisation_share,
                self.fleet_share(workload).peak_to_average,
            ),
            most,
        )


def _lengths(prompt: Prompt) -> tuple[float, float]:
    """Input and output tokens of a mean call of the model: what shares a replica at one time."""
    return prompt.input_tokens / prompt.calls, prompt.output_tokens / prompt.calls
