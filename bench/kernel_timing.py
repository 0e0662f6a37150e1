"""Event loop with microsecond timers, and kernel timestamps of received bytes."""

from __future__ import annotations

import asyncio
import select
import selectors
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

clock: Callable[[], float] = time.perf_counter

_STAMP = 35
"""SO_TIMESTAMPNS and the kind of its message, on Linux; Python has no name for it."""
_SECONDS_AND_NANOSECONDS = struct.Struct("qq")
MAX_BYTES = 2**18
BELIEVED_S = 1.0
"""A timestamp older than this is ignored: the wall clock was set."""


def _selector() -> selectors.BaseSelector:
    if not hasattr(selectors, "EpollSelector"):
        return selectors.SelectSelector()

    class Precise(selectors.EpollSelector):
        """epoll() waits in milliseconds, select() in microseconds, and can wait for an epoll()."""

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            if timeout is None or timeout > 0:
                select.select((self.fileno(),), (), (), timeout)
            return super().select(0)

    return Precise()


def precise_loop() -> asyncio.AbstractEventLoop:
    """An event loop with timers accurate to some tens of microseconds, for any number of connections."""
    return asyncio.SelectorEventLoop(_selector())


def stamp_arrivals(sock: socket.socket) -> None:
    """Enable kernel receive timestamps for a listening socket and those it accepts, where supported."""
    if hasattr(select, "epoll"):
        with suppress(OSError):  # not supported by this kernel
            sock.setsockopt(socket.SOL_SOCKET, _STAMP, 1)


def receive(sock: socket.socket) -> tuple[bytes, float]:
    """The available bytes, and when the last of them arrived: by the kernel's timestamp, else now."""
    if not hasattr(sock, "recvmsg"):
        return sock.recv(MAX_BYTES), clock()
    data, notes, _, _ = sock.recvmsg(MAX_BYTES, socket.CMSG_SPACE(_SECONDS_AND_NANOSECONDS.size))
    now = clock()
    return data, now - _waited_s(notes)


def _waited_s(notes: list[tuple[int, int, Any]]) -> float:
    for level, kind, payload in notes:
        if (level, kind) == (socket.SOL_SOCKET, _STAMP) and len(payload) == _SECONDS_AND_NANOSECONDS.size:
            seconds, nanoseconds = _SECONDS_AND_NANOSECONDS.unpack(payload)
            waited = (time.time_ns() - (seconds * 1_000_000_000 + nanoseconds)) / 1e9
            return waited if 0 <= waited <= BELIEVED_S else 0.0
    return 0.0
