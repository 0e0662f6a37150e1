"""Search for model servers on the loopback address."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from dashboard.benchmark.local_servers import ANSWER_S, CONNECT_S, LocalServerSearch, search


@contextmanager
def server(
    body: bytes, status: int = 200, kind: str = "application/json", wait_s: float = 0
) -> Iterator[Any]:
    """An HTTP server on the loopback address; yields its port and the paths that were requested."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            time.sleep(wait_s)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    try:
        yield listening.server_address[1], paths
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def models(*names: Any) -> bytes:
    return json.dumps({"object": "list", "data": [{"id": name} for name in names]}).encode()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_each_model_of_a_server_is_a_target_without_a_key() -> None:
    with server(models("llama3.2:1b", "qwen3:4b")) as (port, paths):
        outcome = search([("Ollama", port), ("vLLM", closed_port())])
    assert [(t.name, t.model, t.url, t.key_variable) for t in outcome.targets] == [
        ("Ollama: llama3.2:1b", "llama3.2:1b", f"http://127.0.0.1:{port}", ""),
        ("Ollama: qwen3:4b", "qwen3:4b", f"http://127.0.0.1:{port}", ""),
    ]
    assert paths == ["/v1/models"]


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b'{"data": 7}', b'{"data": [1, {"id": 2}, {}]}', b"[" * 100_000],
)
def test_a_server_of_another_kind_offers_nothing(body: bytes) -> None:
    with server(body) as (port, _):
        assert search([("llama.cpp", port)]).targets == ()


def test_a_model_name_that_is_no_single_line_is_left_out() -> None:
    with server(models("a\nb", "good")) as (port, _):
        assert [target.model for target in search([("vLLM", port)]).targets] == ["good"]


def test_a_server_that_needs_a_key_is_named_but_not_offered() -> None:
    with server(b'{"error": "key"}', status=401) as (port, _):
        outcome = search([("vLLM", port)])
    assert (outcome.targets, outcome.needing_key) == ((), (f"vLLM (127.0.0.1:{port})",))
    with server(b"<html>", status=401, kind="text/html") as (port, _):
        assert search([("vLLM", port)]).needing_key == ()


def test_a_server_that_does_not_answer_costs_one_short_wait_for_all_ports_together() -> None:
    with server(models("slow"), wait_s=3 * ANSWER_S) as (port, _):
        start = time.monotonic()
        outcome = search([("vLLM", port)] * 5)
        took_s = time.monotonic() - start
    assert outcome.targets == ()
    assert took_s < 2 * (CONNECT_S + ANSWER_S)  # five in a row would take 5 x 0.5 s


def test_the_ports_are_asked_once_until_the_user_looks_again() -> None:
    with server(models("one")) as (port, paths):
        local = LocalServerSearch([("vLLM", port)])
        assert local.servers() is local.servers()
        assert len(paths) == 1
        local.forget()
        assert [target.model for target in local.servers().targets] == ["one"]
        assert len(paths) == 2
