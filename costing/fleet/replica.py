"""The replica of a fleet: a deployment of the tables, or an open model and a GPU chosen singly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from i18n.message import N_, Message, message
from pricing.rows import Deployment, Evidence, Gpu, OpenModel, Precision

from ..serving.gpu_memory import Memory
from ..serving.throughput import ReplicaRoofline
from ..strategy.base import choice, knob, optional_pick, pick
from ..strategy.configurable import Configurable
from ..strategy.declarations import SettingGroup
from ..strategy.profile import PickRole
from ..units import Unit

NO_DEPLOYMENT = ("deployment", "")
PRECISIONS = {
    "bf16": N_("BF16 (16 bits)"),
    "fp8": N_("FP8 (8 bits)"),
    "fp4": N_("FP4 (4-bit floating point)"),
    "int4": N_("INT4 (4-bit weights)"),
}


@dataclass(frozen=True, slots=True)
class ServedReplica:
    """One copy of an open model on its GPUs, whichever way it was chosen."""

    name: str | Message
    model: OpenModel
    gpu: Gpu
    gpus: int
    """GPUs that hold the copy together."""
    precision: Precision
    note: str
    """How the speed was measured, from the row of the deployment."""


@dataclass(frozen=True, kw_only=True)
class FleetReplica(Configurable):
    """Choice of the replica: a deployment, whose speed was measured, or an open model on GPUs, predicted.

    Memory in bytes over all GPUs of the replica: GPUs x memory of one; weights = parameters x bytes of the
    precision.
    """

    deployment: Deployment | None = pick(
        Deployment,
        role=PickRole.SERVES,
        label=N_("Deployment"),
        help=N_("An open model on given GPUs, with its measured speed; or none, to choose them singly."),
        or_else=("open_model", "gpu"),
    )
    open_model: OpenModel | None = optional_pick(
        OpenModel,
        role=PickRole.SERVES,
        label=N_("Open model"),
        help=N_("In place of a deployment: its speed is predicted from measurements of similar setups."),
        when=NO_DEPLOYMENT,
    )
    gpu: Gpu | None = optional_pick(
        Gpu,
        role=PickRole.SERVES,
        label=N_("GPU"),
        help=N_("What the open model runs on."),
        when=NO_DEPLOYMENT,
    )
    precision: str = choice(
        "fp8",
        PRECISIONS,
        label=N_("Precision of the weights"),
        group=SettingGroup.HARDWARE,
        help=N_(
            "Fewer bits take less memory and are read faster; what they cost in quality is not modelled."
        ),
        when=NO_DEPLOYMENT,
    )
    gpus_per_replica: int = knob(
        1,
        label=N_("GPUs per replica"),
        group=SettingGroup.HARDWARE,
        unit=Unit.COUNT,
        low=1,
        high=64,
        help=N_("They hold one copy of the model together; too few are refused, with how many would do."),
        when=NO_DEPLOYMENT,
    )
    requests_at_once: int = knob(
        64,
        label=N_("Requests at once per replica"),
        group=SettingGroup.HARDWARE,
        unit=Unit.COUNT,
        low=1,
        high=2048,
        help=N_("As many as the replica is planned to answer together, if they fit its memory."),
        when=NO_DEPLOYMENT,
    )
    engine: str = choice(
        "vllm",
        {"vllm": "vLLM", "sglang": "SGLang", "TensorRT-LLM": "TensorRT-LLM"},
        label=N_("Serving software"),
        group=SettingGroup.HARDWARE,
        help=N_("Measurements of the same software count most."),
        when=NO_DEPLOYMENT,
    )

    @cached_property
    def served(self) -> ServedReplica:
        """The replica that was chosen; a deployment goes before an open model and a GPU."""
        row = self.deployment
        if row is not None:
            model, gpu = self.prices.open_model(row.open_model), self.prices.gpu(row.gpu)
            return ServedReplica(row.name, model, gpu, row.gpus_per_replica, row.precision, row.note)
        if self.open_model is None or self.gpu is None:  # `build` refuses it
            raise ValueError("neither a deployment nor an open model and a GPU")
        name = message(
            "{model} {precision} on {n} × {gpu}",
            model=self.open_model.name,
            precision=self.precision.upper(),
            n=self.gpus_per_replica,
            gpu=self.gpu.name,
        )
        precision = cast(Precision, self.precision)
        return ServedReplica(name, self.open_model, self.gpu, self.gpus_per_replica, precision, "")

    @property
    def has_measured_curve(self) -> bool:
        """Whether its speed is the user's own measurement at several loads; the speed of a CPU always is."""
        row = self.deployment
        return row is not None and (
            self.served.gpu.is_cpu or (row.evidence == Evidence.MEASURED and bool(row.curve))
        )

    @property
    def memory(self) -> Memory:
        """Memory of one replica, without adapters; raises UnknownFigure where a row has no figure."""
        served = self.served
        return Memory.of(served.model, served.gpu, served.precision, served.gpus)

    @cached_property
    def roofline(self) -> ReplicaRoofline:
        """Roofline of the deployment; raises CrossoverError where its class of GPU and model has no fit.

        Only for a deployment: the predictor has a roofline of its own for a model and GPU chosen singly.
        """
        served = self.served
        assert self.deployment is not None
        prior = self.prices.throughput_prior(served.gpu, served.model.has_experts)
        return ReplicaRoofline.of(self.deployment, served.model, served.gpu, prior)
