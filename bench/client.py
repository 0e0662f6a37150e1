"""HTTP client of the benchmark: one request per connection, bytes timestamped on arrival.

Nothing is decoded while a stream is being received: `data_received` takes the time, stores the bytes and
checks for the end. They are parsed after the stream has ended.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import cast

from i18n.errors import CrossoverError
from i18n.message import message

from .request_record import Fault, RequestRecord
from .stream import (
    Head,
    Malformed,
    Piece,
    answer_of,
    body_of,
    error_text,
    events_of,
    head_of,
    tokens_per_chunk,
)
from .target import Ask, Endpoint

clock: Callable[[], float] = time.perf_counter
"""Monotonic clock of the client; the mock server on the same machine uses the same one."""

MAX_BYTES = 64 * 2**20
_END_MARKS = (b"\n0\r\n\r\n", b"\ndata: [DONE]", b"\ndata:[DONE]")
_TAIL = max(len(mark) for mark in _END_MARKS) + 4


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Timeouts of a request, in seconds."""

    connect_s: float = 10.0
    silence_s: float = 120.0
    """Without a single byte."""
    whole_s: float = 600.0


class Connection(asyncio.Protocol):
    """One request and the stamped bytes of its answer."""

    def __init__(self, request: bytes, timeouts: Timeouts, loop: asyncio.AbstractEventLoop) -> None:
        self.request = request
        self.pieces: list[Piece] = []
        self.connected_s: float | None = None
        self.sent = 0
        """Bytes of the request that left before there was a transport."""
        self.reached = False
        """The connection exists: a later failure is one of the protocol."""
        self.closed = False
        self.timed_out: str = ""
        self.over: asyncio.Future[None] = loop.create_future()
        self._timeouts = timeouts
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._tail = b""
        self._head: Head | None = None
        self._received = 0
        self._watch: asyncio.TimerHandle | None = None
        self._since = clock()
        self._last = self._since

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self.connected_s is None:
            self.connected_s = self._last = clock()
        if self.sent < len(self.request):
            self._transport.write(self.request[self.sent :])
        self._look()

    def data_received(self, data: bytes) -> None:
        now = clock()
        self.pieces.append((now, data))
        self._last = now
        self._received += len(data)
        end = self._tail + data
        self._tail = end[-_TAIL:]
        if any(mark in end for mark in _END_MARKS) or self._full() or self._received > MAX_BYTES:
            self._finish()

    def _full(self) -> bool:
        """Whether a body of stated length has arrived."""
        if self._head is None:
            if len(self.pieces) > 16:  # too long for a head; the decoder reports it
                return False
            try:
                self._head = head_of(b"".join(data for _, data in self.pieces))
            except Malformed:
                return True
        if self._head is None or self._head.chunked or self._head.length is None:
            return False
        return self._received >= self._head.size + self._head.length

    def eof_received(self) -> bool:
        self.closed = True
        self._finish()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.closed = exc is None
        self._finish()

    def _look(self) -> None:
        """Stop waiting after a timeout; otherwise check again at the next possible timeout."""
        now = clock()
        silent, whole = self._last + self._timeouts.silence_s, self._since + self._timeouts.whole_s
        if now >= min(silent, whole):
            kind = f"no byte for {self._timeouts.silence_s:g} s"
            self.timed_out = kind if now < whole else f"not ended after {self._timeouts.whole_s:g} s"
            self._finish()
            return
        self._watch = self._loop.call_later(min(silent, whole) - now + 0.001, self._look)

    def _finish(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._transport is not None:
            self._transport.abort()
        if not self.over.done():
            self.over.set_result(None)


class Client:
    """Sends requests to one target, each on a new connection; the host name is resolved once, beforehand."""

    def __init__(self, target: Endpoint, timeouts: Timeouts | None = None) -> None:
        self.target = target
        self.timeouts = timeouts or Timeouts()
        self._ssl = target.ssl_context()
        self._address: tuple[int, tuple[str, int]] | None = None

    async def resolve(self) -> None:
        """Resolve the host name; raises CrossoverError for an unknown host."""
        loop = asyncio.get_running_loop()
        try:
            addresses = await loop.getaddrinfo(self.target.host, self.target.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise CrossoverError(
                message(
                    "--url: no host '{host}': {problem} (check the name)",
                    host=self.target.host,
                    problem=error.strerror or str(error),
                )
            ) from error
        # A server on "localhost" mostly listens on IPv4 alone: try that first.
        best = min(addresses, key=lambda item: item[0] != socket.AF_INET)
        self._address = (best[0], (str(best[4][0]), int(best[4][1])))

    async def ask(self, ask: Ask) -> RequestRecord:
        """Send a request, wait for its end and parse the answer; faults are recorded, not raised."""
        return (await self.send(ask)).read()

    async def send(self, ask: Ask, due_s: float | None = None) -> RawResponse:
        """Send a request and wait for its end; the raw answer is parsed later."""
        if self._address is None:
            await self.resolve()
        assert self._address is not None
        loop = asyncio.get_running_loop()
        request = self.target.request(ask)
        start = clock()
        connection = Connection(request, self.timeouts, loop)
        blank = RequestRecord(due_s=start if due_s is None else due_s, start_s=start, end_s=start)
        blank = replace(blank, asked_output_tokens=ask.max_tokens)
        try:
            transport = await self._connect(connection)
        except (ssl.SSLError, ssl.CertificateError) as error:
            problem = getattr(error, "verify_message", "") or getattr(error, "reason", "") or str(error)
            return RawResponse(replace(blank, fault="tls", problem=f"TLS failed: {problem}", end_s=clock()))
        except TimeoutError:
            text = f"no connection within {self.timeouts.connect_s:g} s"
            return RawResponse(replace(blank, fault="timeout", problem=text, end_s=clock()))
        except OSError as error:
            text = error.strerror or str(error) or "the server ended the handshake"
            kind: Fault = "tls" if connection.reached and self._ssl else "connect"
            problem = f"TLS failed: {text}" if kind == "tls" else f"cannot connect: {text}"
            return RawResponse(replace(blank, fault=kind, problem=problem, end_s=clock()))
        try:
            await connection.over
        finally:
            transport.abort()
        return RawResponse(blank, connection)

    async def _connect(self, connection: Connection) -> asyncio.Transport:
        """Connect and send, in one step where the kernel allows it."""
        assert self._address is not None
        loop = asyncio.get_running_loop()
        family, address = self._address
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            begun = sock.connect_ex(address)
            if begun not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
                raise OSError(begun, os.strerror(begun))
            if self._ssl is None:
                with suppress(BlockingIOError):
                    connection.sent = sock.send(connection.request)
                    connection.connected_s = clock()
            if not connection.sent:
                async with asyncio.timeout(self.timeouts.connect_s):
                    await loop.sock_connect(sock, address)
            connection.reached = True
            transport, _ = await loop.create_connection(
                lambda: connection,
                sock=sock,
                ssl=self._ssl,
                server_hostname=self.target.host if self._ssl else None,
                ssl_handshake_timeout=self.timeouts.connect_s if self._ssl else None,
            )
        except BaseException:
            sock.close()
            raise
        return transport


@dataclass(frozen=True, slots=True)
class RawResponse:
    """A finished request whose answer is not parsed yet."""

    blank: RequestRecord
    connection: Connection | None = None

    def read(self) -> RequestRecord:
        return self.blank if self.connection is None else read(self.connection, self.blank)


def read(connection: Connection, blank: RequestRecord) -> RequestRecord:
    """Parse the bytes into the record."""
    last = connection.pieces[-1][0] if connection.pieces else clock()
    record = replace(
        blank,
        connected_s=connection.connected_s,
        first_byte_s=connection.pieces[0][0] if connection.pieces else None,
        end_s=clock() if connection.timed_out else last,
    )
    try:
        return _understood(connection, record)
    except Malformed as error:
        return replace(record, fault="malformed", problem=str(error))


def _understood(connection: Connection, record: RequestRecord) -> RequestRecord:
    head = head_of(b"".join(data for _, data in connection.pieces))
    if head is None:
        return _cut(record, connection, "before it answered")
    body = body_of(connection.pieces, head, connection.closed)
    record = replace(record, status=head.status)
    if head.status != 200:
        return replace(record, fault="http status", problem=_refusal(head, body.data))
    kind = head.headers.get("content-type", "").split(";")[0].strip()
    if "html" in kind or body.data.lstrip()[:1] == b"<":
        raise Malformed("an HTML page instead of an event stream (is this the API's address?)")
    if kind == "application/json":
        document = _json(body.data)
        raise Malformed(
            error_text(document)
            if isinstance(document, dict) and "error" in document
            else "no stream, but one JSON"
        )
    events = events_of(body)
    answer = answer_of(events)
    tokens, known_from = tokens_per_chunk(answer)
    record = replace(
        record,
        chunk_s=tuple(chunk.at for chunk in answer.chunks),
        chunk_tokens=tokens,
        chunk_tokens_from=known_from,
        input_tokens=answer.input_tokens,
        cached_tokens=answer.cached_tokens,
        usage_output_tokens=answer.output_tokens,
        finish_reason=answer.finish_reason,
    )
    if len(body.data) > MAX_BYTES // 2 and not answer.done:
        raise Malformed("a stream without end")
    if not (answer.done or body.complete) or (answer.finish_reason is None and not answer.done):
        return _cut(record, connection, "in the middle of its answer")
    if answer.finish_reason is None:
        return replace(record, fault="malformed", problem="a stream without a finish reason")
    if not answer.chunks:
        return replace(record, fault="malformed", problem="a stream without any content")
    return record


def _cut(record: RequestRecord, connection: Connection, where: str) -> RequestRecord:
    if connection.timed_out:
        return replace(record, fault="timeout", problem=connection.timed_out)
    return replace(record, fault="disconnect", problem=f"the server closed {where}")


def _refusal(head: Head, body: bytes) -> str:
    problem = error_text(_json(body))
    if 300 <= head.status < 400:
        problem = "it leads elsewhere, and no redirect is followed"
    return f"HTTP {head.status}" + (f": {problem}" if problem else "")


def _json(body: bytes) -> object:
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document
