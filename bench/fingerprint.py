"""Fingerprint of the measured machine: what must be equal before two results may be joined."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Hardware, operating system, and what is known about the server."""

    cpu: str
    cores: int
    memory_gib: float | None
    gpus: tuple[str, ...]
    os: str
    python: str
    server: str
    """Name and version as the server or the user states them."""
    model: str
    local: bool
    """The endpoint is on this machine."""
    note: str = ""

    @property
    def machine(self) -> tuple[object, ...]:
        """The fields that identify the machine; the rest may differ between runs."""
        return self.cpu, self.cores, self.memory_gib, self.gpus, self.local

    def __str__(self) -> str:
        parts = [self.cpu, f"{self.cores} cores"]
        if self.memory_gib is not None:
            parts.append(f"{self.memory_gib:g} GiB")
        return ", ".join([*parts, *self.gpus, self.os])


def fingerprint(model: str, local: bool, server: str = "", note: str = "") -> Fingerprint:
    """Fingerprint of this machine. A remote server is described only by what the user states."""
    return Fingerprint(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gib=_memory_gib(),
        gpus=_gpus(),
        os=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        server=server,
        model=model,
        local=local,
        note=note,
    )


def _cpu() -> str:
    with contextlib.suppress(OSError):
        match = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        if match:
            return match[1].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> float | None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    return None


def _gpus() -> tuple[str, ...]:
    command = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        listing = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in listing.splitlines() if line.strip())
