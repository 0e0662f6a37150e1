"""What a replica is planned to deliver: its speed within memory, context window and latency limits."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache

from i18n.message import N_, message
from pricing.rows import UnknownFigure

from ..serving.gpu_memory import Memory
from ..serving.roofline import check_known
from ..serving.throughput import ReplicaRoofline
from ..strategy.base import Infeasible, knob
from ..strategy.configurable import Configurable
from ..strategy.declarations import SettingGroup
from ..units import Unit
from . import latency_limits as limits
from .measured_capacity import MeasuredCapacity
from .replica import FleetReplica
from .replica_speed import ReplicaSpeed, replica_speed


@dataclass(frozen=True, kw_only=True)
class ReplicaService(Configurable):
    """Planned speed = best evidence x factor, at the highest concurrency that fits the memory and the limits.

    Memory of a loaded replica = weights + adapters x memory per adapter + KV cache of the requests at once.
    """

    speed_factor: float = knob(
        1.0,
        label=N_("Speed, as a multiple"),
        group=SettingGroup.SERVING,
        unit=Unit.RATIO,
        low=0.01,
        high=100,
        step=0.05,
        help=N_("Of what was measured or predicted. 0.8: a fifth slower, as live traffic often is."),
    )
    slowest_ms_per_token: float = knob(
        0.0,
        label=N_("Longest time per output token"),
        group=SettingGroup.SERVING,
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
        group=SettingGroup.SERVING,
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
        group=SettingGroup.SERVING,
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
        group=SettingGroup.SERVING,
        unit=Unit.GIB,
        low=0,
        high=100,
        step=0.1,
        help=N_("Of one adapter, over all GPUs of a replica; it depends on the rank and the tuned layers."),
    )

    @property
    def adapter_bytes(self) -> float:
        """All adapters of a replica together."""
        return self.adapters * self.adapter_gib * 2**30

    def memory(self, replica: FleetReplica) -> Memory:
        """Memory of a replica with its adapters among the weights; raises UnknownFigure."""
        plain = replica.memory
        return replace(plain, weight_bytes=plain.weight_bytes + self.adapter_bytes)

    def speed(
        self,
        replica: FleetReplica,
        lengths: limits.Lengths,
        longest_tokens: float,
        utilisation_share: float,
    ) -> ReplicaSpeed:
        """Speed of a replica at mean lengths of a call; the longest sequence must fit window and memory.

        Raises Infeasible, or UnknownFigure where a figure that this needs is blank in the tables.
        """
        served, capacity = replica.served, self._capacity(replica)
        if longest_tokens > served.model.context_window_tokens:
            raise Infeasible(
                message(
                    "{model}: prompt and answer of {tokens:,.0f} tokens exceed its window of {window:,} "
                    "(shorten the text, or retrieve)",
                    model=served.model.name,
                    tokens=longest_tokens,
                    window=served.model.context_window_tokens,
                )
            )
        if capacity.gpus_that_hold(longest_tokens) > capacity.gpus:
            raise Infeasible(
                message(
                    "{deployment} does not fit its GPUs at {tokens:,.0f} tokens of context: {gpus} of them "
                    "would",
                    deployment=served.name,
                    tokens=longest_tokens,
                    gpus=capacity.gpus_that_hold(longest_tokens),
                )
            )
        fits = max(1.0, capacity.largest_concurrency(*lengths))
        speed = replica_speed(replica, *lengths, fits).times(self.speed_factor)
        unlimited = speed.full
        speed = replace(speed, prefill=cache(lambda: limits.prefill_s(served, lengths, unlimited)))
        most = min(speed.full.concurrency, fits)
        in_time = limits.per_token(served, speed, most, self.slowest_ms_per_token)
        full = limits.first_token(served, speed, lengths[1], in_time, self.slo_ttft_ms, utilisation_share)
        return replace(speed, full=full)

    def _capacity(self, replica: FleetReplica) -> ReplicaRoofline | Memory | MeasuredCapacity:
        """The memory of a replica with its adapters; the measured capacity where that is unknown."""
        row, served = replica.deployment, replica.served
        if row is None and not served.gpu.is_cpu:
            check_known(served.model, served.gpu)  # before advice on how many GPUs would do
        if row is not None and not replica.has_measured_curve:
            with suppress(UnknownFigure):  # its memory may be known without a roofline
                plain = replica.roofline
                return replace(plain, weight_bytes=plain.weight_bytes + self.adapter_bytes)
        try:
            return self.memory(replica)
        except UnknownFigure as blank:
            if row is None or self.adapters:
                raise
            return MeasuredCapacity(row, blank)
