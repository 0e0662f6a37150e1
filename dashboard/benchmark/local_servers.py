"""Model servers on this machine: the usual ports of the loopback address, and the models behind them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Lock
from time import monotonic
from typing import Final

from pydantic import ValidationError

from .targets import BenchmarkTarget

HOST: Final = "127.0.0.1"
"""The only address that is asked. No name is resolved and no proxy is used."""
PORTS: Final[Sequence[tuple[str, int]]] = (
    ("Ollama", 11434),
    ("llama.cpp", 8080),
    ("vLLM", 8000),
    ("LM Studio", 1234),
    ("SGLang", 30000),
)
"""Server software and the port that it uses unless it is given another."""
CONNECT_S: Final = 0.2
ANSWER_S: Final = 0.5
"""Longest wait for a connection, and for each part of the answer. All ports are asked at the same time."""
KEPT_S: Final = 300.0
"""Time for which an outcome is kept, for all sessions."""
MAX_MODELS: Final = 20
MAX_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class LocalServers:
    """Outcome of one search."""

    targets: tuple[BenchmarkTarget, ...]
    """One for each model of each server that answers."""
    needing_key: tuple[str, ...] = ()
    """Servers that answer only with a key."""


class LocalServerSearch:
    """Searches the ports at most once in `KEPT_S` seconds, unless it is told to look again; thread-safe."""

    def __init__(self, ports: Sequence[tuple[str, int]] = PORTS) -> None:
        self.ports = ports
        self._lock = Lock()
        self._kept: LocalServers | None = None
        self._at = 0.0

    def servers(self) -> LocalServers:
        """The kept outcome, or a new one."""
        with self._lock:
            if self._kept is None or monotonic() - self._at > KEPT_S:
                self._kept, self._at = search(self.ports), monotonic()
            return self._kept

    def forget(self) -> None:
        """Search again at the next call."""
        with self._lock:
            self._kept = None


def search(ports: Sequence[tuple[str, int]]) -> LocalServers:
    """Ask all ports at the same time."""
    if not ports:
        return LocalServers(())
    with ThreadPoolExecutor(len(ports)) as pool:
        answers = list(pool.map(lambda place: _models(place[1]), ports))
    targets: list[BenchmarkTarget] = []
    needing_key: list[str] = []
    for (software, port), models in zip(ports, answers, strict=True):
        if models is None:
            needing_key.append(f"{software} ({HOST}:{port})")
            continue
        for model in models:
            try:
                targets.append(
                    BenchmarkTarget(
                        name=f"{software}: {model}",
                        url=f"http://{HOST}:{port}",
                        model=model,
                        server=software,
                    )
                )
            except ValidationError:  # a name that cannot be shown on one line
                continue
    return LocalServers(tuple(targets), tuple(needing_key))


def _models(port: int) -> list[str] | None:
    """Names of the models of the server on this port, none if it is no model server; None: it needs a key."""
    connection = HTTPConnection(HOST, port, timeout=CONNECT_S)
    try:
        connection.connect()
        connection.sock.settimeout(ANSWER_S)
        connection.request("GET", "/v1/models", headers={"Accept": "application/json"})
        answer = connection.getresponse()
        is_json = answer.headers.get_content_type() == "application/json"
        if answer.status in (401, 403) and is_json:
            return None
        body = answer.read(MAX_BYTES) if answer.status == 200 else b""
    except (OSError, HTTPException):
        return []
    finally:
        connection.close()
    return _names(body)


def _names(body: bytes) -> list[str]:
    """Ids of the models in the answer of an OpenAI-compatible server."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return []
    listed = content.get("data") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        return []
    names = [entry.get("id") for entry in listed if isinstance(entry, dict)]
    return [name for name in names if isinstance(name, str)][:MAX_MODELS]


LOCAL_SERVERS: Final = LocalServerSearch()
