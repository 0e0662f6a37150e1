"""A fleet composed of its replica, sizing, service, prompt, ownership, overheads, training and load."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from i18n.message import N_
from pricing.rows import Evidence

from ..cost_lines import Cadence, CostLine, PriceRef, total_usd, weakest
from ..serving import replicas as stepwise
from ..serving.gpu_memory import MemoryPart
from ..serving.ownership import GpuOwnership
from ..serving.queueing import mean_wait_s
from ..serving.throughput import Throughput
from ..serving.ttft import FirstToken
from ..strategy.base import choice
from ..strategy.configurable import Configurable, part
from ..strategy.profile import OwnedHardware
from ..units import Quantity
from ..workload.workload import Prompt, Workload
from .latency_limits import Lengths, engine_first_token_s
from .load import FleetLoad, Share, WholeLoad
from .overheads import FleetOverheads
from .ownership import FleetOwnership
from .prompt import OpenModelPrompt
from .replica import FleetReplica, ServedReplica
from .replica_speed import ReplicaSpeed
from .service import ReplicaService
from .sizing import FleetSize, FleetSizing
from .training import FleetTraining, GpuHour


@dataclass(frozen=True, slots=True)
class Energy:
    """Energy of bought machines in a month, and its emissions."""

    kwh_per_month: float
    """PUE included."""
    evidence: Evidence
    kg_co2e_per_kwh: float | None
    """None: the grid is not known."""
    grid: PriceRef | None

    @property
    def kg_co2e_per_month(self) -> float | None:
        return None if self.kg_co2e_per_kwh is None else self.kwh_per_month * self.kg_co2e_per_kwh


@dataclass(frozen=True, kw_only=True)
class Fleet(Configurable):
    """GPUs that run an open model, in whole replicas, rented or bought.

    A month costs machines (GPUs x terms of the ownership) + overheads + retraining; set-up and the first
    training are paid once. Each part declares its settings and has the formulas that need only those.
    """

    replica: FleetReplica = part(FleetReplica)
    tenure: str = choice(
        "rented",
        {"rented": N_("Rented by the hour"), "owned": N_("Bought")},
        label=N_("GPUs"),
        help=N_("Rent around the clock, or buy and run your own."),
    )
    sizing: FleetSizing = part(FleetSizing)
    service: ReplicaService = part(ReplicaService)
    model_prompt: OpenModelPrompt = part(OpenModelPrompt)
    ownership: FleetOwnership = part(FleetOwnership)
    overheads: FleetOverheads = part(FleetOverheads)
    training: FleetTraining = part(FleetTraining)
    load: FleetLoad = part(WholeLoad)

    @property
    def served(self) -> ServedReplica:
        """What one replica is."""
        return self.replica.served

    @property
    def tokenizer(self) -> str:
        """Id of the open model's tokenizer."""
        return self.served.model.tokenizer

    @property
    def is_owned(self) -> bool:
        return self.tenure == "owned"

    @property
    def on_share(self) -> float:
        """Hours in which the fleet runs / all hours; a bought fleet always runs."""
        return 1.0 if self.is_owned else self.sizing.hours_on_share

    # --- what it answers, and how fast

    def prompt(self, workload: Workload) -> Prompt:
        """The request as the open model gets it."""
        return self.model_prompt.of(workload, self.served.model)

    def share(self, workload: Workload) -> Share:
        """The part of the requests that it answers."""
        return self.load.share(workload, self.on_share)

    def is_used(self, workload: Workload) -> bool:
        """Whether it answers anything."""
        return self.share(workload).of_requests > 0

    def speed(self, workload: Workload) -> Throughput:
        """Planned speed of one replica at this workload's lengths; raises Infeasible."""
        return self.replica_speed(workload).full

    def replica_speed(self, workload: Workload) -> ReplicaSpeed:
        """Speed of one replica by concurrency, with what it rests on."""
        prompt = self.prompt(workload)
        lengths, longest = _lengths(prompt), prompt.longest_tokens
        if any(np.ndim(length) for length in (*lengths, longest)):
            return self._sampled_speed(workload, lengths, longest)
        key = (*lengths, longest)
        if key not in self._speeds:
            self._speeds[key] = self._speed_at(lengths, longest)
        return self._speeds[key]

    def _speed_at(self, lengths: Lengths, longest_tokens: float) -> ReplicaSpeed:
        return self.service.speed(self.replica, lengths, longest_tokens, self.sizing.target_utilisation_share)

    def _sampled_speed(self, workload: Workload, lengths: Lengths, longest_tokens: float) -> ReplicaSpeed:
        """For sample arrays: the last one is kept, since the lines of one bill need it several times."""
        last = self._last_sampled
        inputs = (workload.tokens, workload.turns, workload.tool_calls, workload.images)
        if not last or any(kept is not now for kept, now in zip(last[:-1], inputs, strict=True)):
            last[:] = [*inputs, self._speed_at(lengths, longest_tokens)]
        speed: ReplicaSpeed = last[-1]
        return speed

    @cached_property
    def _last_sampled(self) -> list[Any]:
        """Token counts, turns, tool calls, images, and the speed for them."""
        return []

    @cached_property
    def _speeds(self) -> dict[tuple[float, float, float], ReplicaSpeed]:
        """Input, output and longest tokens -> speed."""
        return {}

    def requests_in_memory(self, workload: Workload) -> float:
        """Requests at once of a full replica; raises UnknownFigure as `memory_parts`."""
        fits = self.service.memory(self.replica).largest_concurrency(*_lengths(self.prompt(workload)))
        return min(self.speed(workload).concurrency, float(fits))

    def memory_parts(self, workload: Workload) -> tuple[MemoryPart, ...]:
        """Memory of a full replica by use.

        Raises Infeasible where it does not fit, and UnknownFigure where the tables do not say.
        """
        lengths = _lengths(self.prompt(workload))
        return self.service.memory(self.replica).parts(*lengths, self.requests_in_memory(workload))

    # --- how many

    def capacity_requests_per_s(self, workload: Workload) -> float:
        """Capacity of one replica before target utilisation; a request includes its calls and retries."""
        output_tokens = self.prompt(workload).output_tokens * workload.tries_per_request
        return self.speed(workload).output_tokens_per_s / output_tokens

    def size(self, workload: Workload) -> FleetSize:
        """For the peak of its part of the workload; raises Infeasible."""
        return self.sizing.size(
            workload.requests_per_s * self.share(workload).peak_to_average,
            self.capacity_requests_per_s(workload),
            self.served.gpus,
        )

    def step_requests_per_day(self, workload: Workload, most: int) -> npt.NDArray[np.float64]:
        """The first `most` daily volumes of the workload above which one more replica is needed."""
        return stepwise.steps(
            self.sizing.requests_per_day_per_replica(
                self.capacity_requests_per_s(workload), self.share(workload).peak_to_average
            ),
            most,
        )

    def queue(self, workload: Workload) -> tuple[int, float, float]:
        """At the peak, without spares: places, model calls per second, seconds that one call takes."""
        speed, size = self.speed(workload), self.size(workload)
        slots = max(1, math.floor(float(np.max(size.needed_replicas)) * speed.concurrency))
        calls_per_s = speed.output_tokens_per_s / _lengths(self.prompt(workload))[1]
        calls_per_request = calls_per_s / self.capacity_requests_per_s(workload)
        rate = float(np.max(workload.requests_per_s)) * self.share(workload).peak_to_average
        return slots, rate * calls_per_request, speed.concurrency / calls_per_s

    def first_token(self, workload: Workload) -> FirstToken | None:
        """Time to first token of a typical request at the peak, without spares; None where unknown."""
        speed, output_tokens = self.replica_speed(workload), _lengths(self.prompt(workload))[1]
        engine_s = engine_first_token_s(speed, output_tokens, speed.full)
        if engine_s is None:
            return None
        return FirstToken(engine_s, mean_wait_s(*self.queue(workload)))

    def average_busy_share(self, workload: Workload) -> float:
        """Average utilisation of the capacity that is on, at the busiest of the volumes."""
        share_on = self.share(workload).of_requests / self.on_share
        return float(np.max(self._busy(workload, share_on)))

    def peak_busy_share(self, workload: Workload) -> float:
        """Utilisation at the peak, at the busiest of the volumes."""
        return float(np.max(self._busy(workload, self.share(workload).peak_to_average)))

    def _busy(self, workload: Workload, of_average: float) -> Quantity:
        """Utilisation at a load that is a multiple of the workload's average."""
        size = self.size(workload)
        return workload.requests_per_s * of_average / (self.capacity_requests_per_s(workload) * size.replicas)

    # --- what it costs

    @cached_property
    def rent(self) -> tuple[float, PriceRef]:
        """USD per GPU-hour, and its price row; raises Infeasible for an offer of another GPU."""
        return self.ownership.rent(self.served.gpu)

    @cached_property
    def owned_gpu(self) -> GpuOwnership:
        """Terms of one bought GPU; raises Infeasible where one is unknown."""
        return self.ownership.of_gpu(self.served)

    @property
    def owned_hardware(self) -> OwnedHardware | None:
        """Terms of bought machines; None for rented ones."""
        return self.ownership.hardware if self.is_owned else None

    @property
    def paid_hours_share(self) -> float:
        """Hours that are paid for / all hours."""
        return self.ownership.paid_hours_share(self.on_share)

    def lines(self, workload: Workload) -> Iterator[CostLine]:
        """A month of machines and overheads, and training; raises Infeasible."""
        gpus = self.size(workload).gpus
        evidence = weakest(self.speed(workload).evidence, self.prompt(workload).evidence)
        yield from self.machine_lines(gpus, evidence)
        yield from self.overheads.staff_lines()
        if self.training.is_planned:
            yield from self.training.lines(
                self.prompt(workload), self.served, self.service.adapters, self.training_gpu_hour()
            )

    def machine_lines(self, gpus: Quantity, evidence: Evidence) -> Iterator[CostLine]:
        """A month of that many GPUs with their licences; `evidence` is that of their number."""
        if self.is_owned:
            yield from self.owned_gpu.lines(gpus, evidence)
        else:
            yield self.ownership.rent_line(self.rent, gpus, self.on_share, evidence)
        yield from self.overheads.licence_lines(gpus, evidence)

    def machines_usd_per_month(self, workload: Workload) -> float:
        """Rent, or capital, maintenance, power and room; with licences, without staff."""
        gpus = float(np.max(self.size(workload).gpus))
        return float(total_usd(self.machine_lines(gpus, Evidence.ESTIMATED), Cadence.MONTHLY))

    def idle_usd_per_month(self, workload: Workload) -> float:
        """Idle cost: monthly cost of the machines x (1 - their utilisation over the hours paid for)."""
        size = self.size(workload)
        used = float(np.max(size.replicas)) * self.served.gpus / float(np.max(size.gpus))
        paid = 1.0 if self.is_owned else self.paid_hours_share
        busy = used * self.average_busy_share(workload) * self.on_share / paid
        return self.machines_usd_per_month(workload) * max(0.0, 1 - busy)

    def energy(self, gpus: float) -> Energy | None:
        """Energy of `gpus` GPUs in a month; None for rented GPUs, whose rent includes it."""
        if not self.is_owned:
            return None
        terms = self.owned_gpu
        return Energy(
            gpus * terms.kwh_per_gpu_month(),
            weakest(Evidence.ESTIMATED, terms.kw_evidence),
            terms.kg_co2e_per_kwh,
            terms.grid,
        )

    def training_gpu_hour(self) -> GpuHour:
        """Price of an hour of one GPU: its rent, or the cost of a bought one at full load."""
        if not self.is_owned:
            usd, price = self.rent
            return GpuHour(usd, price, price.evidence)
        terms = self.owned_gpu
        return GpuHour(
            terms.usd_per_gpu_hour(), terms.gpu_price, weakest(Evidence.ESTIMATED, terms.kw_evidence)
        )


def _lengths(prompt: Prompt) -> Lengths:
    """Input and output tokens of a mean model call: the requests that share a replica at one time."""
    return prompt.input_tokens / prompt.calls, prompt.output_tokens / prompt.calls
