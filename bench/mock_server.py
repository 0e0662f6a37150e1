"""Mock streaming server with scripted timing, to calibrate the client.

Its behaviour is a Plan; a request may change the plan for itself in its body's field "known". The plan
counts from when the kernel received the request, so that a queue at the server's socket is not included.
Run: python -m bench.mock_server [--plan JSON]; it prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import signal
import socket
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import Any

from i18n.errors import CrossoverError
from i18n.message import message

from .kernel_timing import clock, precise_loop, receive, stamp_arrivals
from .mock_events import ROLE, content, opened, stamped, usage_of

PROMPT_OVERHEAD_TOKENS = 3
LONG_WORD = 10
"""A longer word counts as two tokens."""
ACCEPTED_AT_ONCE = 8
"""Connections accepted in a row before due chunks are sent."""
ENDLESS = 10**9


@dataclass(frozen=True, slots=True)
class Plan:
    """Timing and faults of an answer."""

    ttft_s: float = 0.05
    itl_s: float = 0.01
    output_tokens: int = 32
    """Where the request names none."""
    tokens_per_chunk: int = 1
    slots: int = 0
    """Number of requests answered at once; others are queued. 0: all."""
    stall_before: int = -1
    """A chunk before which it pauses."""
    stall_s: float = 0.0
    status: int = 200
    html: bool = False
    usage: bool = True
    running_usage: bool = False
    """Usage with every chunk, too."""
    role_first: bool = True
    """A chunk without content at once, as chat servers send it."""
    finish: bool = True
    chunked: bool = True
    """Chunked transfer coding; else the end of the connection is the end of the body."""
    disconnect_before: int = -1
    malformed_before: int = -1
    silent_before: int = -1
    endless: bool = False
    split: int = 0
    """Size in bytes of the pieces in which every event is written; 0: whole."""


def plan_of(base: Plan, changes: object) -> Plan:
    """The plan with these changes; raises CrossoverError for an unknown field."""
    if not isinstance(changes, dict) or not set(changes) <= set(asdict(base)):
        raise CrossoverError(
            message(
                "--plan: '{changes}' is not a plan (its fields: {fields})",
                changes=json.dumps(changes),
                fields=", ".join(asdict(base)),
            )
        )
    return replace(base, **changes)


def prompt_tokens(prompt: str) -> int:
    """Token count of the mock server: one per word, two for a long word, and some for the chat frame."""
    return PROMPT_OVERHEAD_TOKENS + sum(1 + (len(word) > LONG_WORD) for word in prompt.split())


class _Streaming:
    """One connection: a request is read whole, then answered by the plan."""

    def __init__(self, server: MockServer, sock: socket.socket) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._socket: socket.socket | None = sock
        self._received = b""
        self._unsent = b""
        self._ending = False
        """Nothing more will be written; the connection closes when all is sent."""
        self._keeps = False
        """The connection is kept for another request."""
        self._plan = server.plan
        self._timer: asyncio.TimerHandle | None = None
        self._holds_slot = False
        self._chat = True
        self._prompt_tokens = 0
        self._tokens = 0
        self._arrived = self._first_s = 0.0
        self._loop.add_reader(sock, self._read)
        self._read()  # a request mostly comes with its connection

    def _read(self) -> None:
        if self._socket is None:
            return
        try:
            data, self._arrived = receive(self._socket)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close()
            return
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        lines = head.decode("latin-1").split("\r\n")
        lengths = [line.split(":")[1] for line in lines if line.lower().startswith("content-length:")]
        if len(body) < int(lengths[0] if lengths else 0):
            return
        self._received = b""
        if lines[0].startswith("GET "):  # other clients query the models first
            known = {"object": "list", "data": [{"id": self._server.model or "known", "object": "model"}]}
            self._whole(json.dumps(known).encode(), "application/json")
            return
        self._chat = "/chat/" in lines[0]
        headers = {line.lower().replace(" ", "") for line in lines}
        self._keeps = self._server.plan.chunked and "connection:close" not in headers
        try:
            request = json.loads(body or b"{}")
            self._plan = plan_of(self._server.plan, request.get("known", {}))
        except (ValueError, AttributeError) as error:
            self._refuse(400, str(error))
            return
        if self._server.model not in ("", request.get("model")):
            self._refuse(404, f"model '{request.get('model')}' not found")
            return
        if self._plan.status != 200:
            self._refuse(self._plan.status, "by plan")
            return
        if self._plan.html:
            self._whole(b"<!doctype html><p>Sign in</p>", "text/html")
            return
        texts = [str(chat_message.get("content", "")) for chat_message in request.get("messages", ())]
        self._prompt_tokens = prompt_tokens(" ".join([str(request.get("prompt", "")), *texts]))
        # Chats have both names.
        length = request.get("max_tokens") or request.get("max_completion_tokens")
        self._tokens = int(length or self._plan.output_tokens)
        self._server.line.append(self)
        self._server.next(self._arrived)

    def _refuse(self, status: int, why: str) -> None:
        self._whole(json.dumps({"error": {"message": why}}).encode(), "application/json", status)

    def _whole(self, body: bytes, kind: str, status: int = 200) -> None:
        head = f"HTTP/1.1 {status} Known\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        self._write(f"{head}Connection: close\r\n\r\n".encode() + body)
        self._keeps = False
        self._end()

    def start(self, begins_s: float) -> bool:
        """Answer by the plan, counted from `begins_s`; False if the client has disconnected."""
        if self._socket is None:
            return False
        self._holds_slot = True
        plan = self._plan
        coding = "Transfer-Encoding: chunked\r\n" if plan.chunked else "Connection: close\r\n"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{coding}\r\n".encode()
        role = self._coded(stamped(ROLE)) if plan.role_first and self._chat else []
        self._write(head, *role)
        self._first_s = begins_s + plan.ttft_s
        self._later(0)
        return True

    def _later(self, chunk: int) -> None:
        """Send this chunk when it is due."""
        plan = self._plan
        stalled = plan.stall_s if 0 <= plan.stall_before <= chunk else 0.0
        due = self._first_s + chunk * plan.tokens_per_chunk * plan.itl_s + stalled
        self._timer = self._loop.call_at(due - clock() + self._loop.time(), self._send, chunk)

    def _send(self, chunk: int) -> None:
        plan = self._plan
        each = plan.tokens_per_chunk
        many = ENDLESS if plan.endless else -(-self._tokens // each)
        if self._socket is None or chunk == plan.silent_before:
            return
        if chunk == plan.disconnect_before:
            self._close()
            return
        if chunk == plan.malformed_before:
            self._write(*self._coded(b"data: {not json\n\n"))
        sent = each if plan.endless else min(each, self._tokens - chunk * each)
        usage = (self._prompt_tokens, min((chunk + 1) * each, self._tokens)) if plan.running_usage else None
        self._write(*self._coded(stamped(content(self._chat, sent, usage))))
        if chunk + 1 < many:
            self._later(chunk + 1)
        else:
            self._last()

    def _last(self) -> None:
        plan = self._plan
        last: dict[str, Any] = {"index": 0, "finish_reason": "length" if plan.finish else None}
        last["delta" if self._chat else "text"] = {} if self._chat else ""
        parts = self._coded(stamped(opened({"choices": [last]}, self._chat)))
        if plan.usage:
            event = {"choices": [], "usage": usage_of(self._prompt_tokens, self._tokens)}
            parts += self._coded(stamped(opened(event, self._chat)))
        parts += self._coded(b"data: [DONE]\n\n")
        if plan.chunked:
            parts.append(b"0\r\n\r\n")
        self._write(*parts)
        self._end()
        self._leave()

    def _coded(self, data: bytes) -> list[bytes]:
        """The pieces of an event, each in its transfer coding."""
        if self._plan.split:
            step = self._plan.split
            pieces = [data[start : start + step] for start in range(0, len(data), step)]
        else:
            pieces = [data]
        return [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces] if self._plan.chunked else pieces

    def _write(self, *parts: bytes) -> None:
        """Write the pieces in one call, or one by one where the plan splits events."""
        for data in parts if self._plan.split else (b"".join(parts),):
            if self._socket is None:
                return
            if not self._unsent:
                try:
                    data = data[self._socket.send(data) :]
                except BlockingIOError:
                    pass
                except OSError:
                    self._close()
                    return
                if data:
                    self._loop.add_writer(self._socket, self._flush)
            self._unsent += data

    def _flush(self) -> None:
        """Bytes that a slow reader has not taken yet."""
        assert self._socket is not None
        try:
            self._unsent = self._unsent[self._socket.send(self._unsent) :]
        except BlockingIOError:
            return
        except OSError:
            self._close()
            return
        if not self._unsent:
            self._loop.remove_writer(self._socket)
            if self._ending:
                self._close()

    def _end(self) -> None:
        if self._keeps:
            return
        self._ending = True
        if not self._unsent:
            self._close()

    def _close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._socket is not None:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._socket.close()
            self._socket = None
        self._leave()

    def _leave(self) -> None:
        if self._holds_slot:
            self._holds_slot = False
            self._server.busy -= 1
            self._server.next(clock())


class MockServer:
    """Listening socket: queued and active requests."""

    def __init__(self, plan: Plan, model: str = "") -> None:
        self.plan = plan
        self.model = model
        """The only model it knows; blank: any."""
        self.line: deque[_Streaming] = deque()
        self.busy = 0

    def next(self, now_s: float) -> None:
        """Answer queued requests while there is a slot."""
        while self.line and not 0 < self.plan.slots <= self.busy:
            self.busy += 1
            if not self.line.popleft().start(now_s):
                self.busy -= 1

    async def listen(self, port: int = 0) -> tuple[Listening, int]:
        """The server and its port, on this machine only."""
        sock = socket.create_server(("127.0.0.1", port), backlog=1024)
        sock.setblocking(False)
        stamp_arrivals(sock)
        return Listening(self, sock), sock.getsockname()[1]


class Listening:
    """Listening server; closing it does not end running streams."""

    def __init__(self, server: MockServer, sock: socket.socket) -> None:
        self._server = server
        self._socket = sock
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock, self._accept)

    def _accept(self) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                sock, _ = self._socket.accept()
            except OSError:  # no further connection
                return
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _Streaming(self._server, sock)

    def close(self) -> None:
        self._loop.remove_reader(self._socket)
        self._socket.close()

    async def __aenter__(self) -> Listening:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def _serve(plan: Plan, model: str, port: int) -> None:
    server, port = await MockServer(plan, model).listen(port)
    print(port, flush=True)
    ended = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, ended.set)
    # Ends with the parent process: its standard input is then closed.
    reader = asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
    waiting = asyncio.ensure_future(ended.wait())
    await asyncio.wait({reader, waiting}, return_when=asyncio.FIRST_COMPLETED)
    server.close()
    waiting.cancel()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m bench.mock_server")
    parser.add_argument("--plan", default="{}", metavar="JSON")
    parser.add_argument("--model", default="")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        plan = plan_of(Plan(), json.loads(options.plan))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    gc.freeze()
    gc.disable()  # a garbage collection would delay a chunk; requests create no cycles
    with asyncio.Runner(loop_factory=precise_loop) as runner:
        runner.run(_serve(plan, options.model, options.port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
