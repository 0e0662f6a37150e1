"""Server around the pages: routes of Plotly's script and of the first page, and compressed files."""

from __future__ import annotations

import gzip
from typing import Final

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import plotly_script

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_COMPRESSED_TYPES: Final = (".js", ".css", ".html", ".json", ".svg")
_LEVEL: Final = 6


def routes() -> list[BaseRoute]:
    """Routes besides those of Streamlit."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return [
        Route(plotly_script.path(), _plotly, methods=["GET", "HEAD"]),
        Route(f"{'/' if base else ''}{base}/compare", _first_page, methods=["GET", "HEAD"]),
    ]


def middleware() -> list[Middleware]:
    """Middleware before that of Streamlit."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return [Middleware(StaticCompression, prefix=f"{'/' if base else ''}{base}/static/")]


def _first_page(request: Request) -> Response:
    """The comparison is the first page, at the root; Streamlit answers its own name with "Page not found"."""
    query = request.url.query
    return RedirectResponse(f"./{'?' if query else ''}{query}", headers={"Cache-Control": "no-store"})


def _plotly(request: Request) -> Response:
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if not _accepts_gzip(request.headers):
        return Response(plotly_script.plain(), media_type="text/javascript", headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(plotly_script.compressed(), media_type="text/javascript", headers=headers)


def _accepts_gzip(headers: Headers) -> bool:
    return "gzip" in headers.get("accept-encoding", "")


class StaticCompression:
    """Sends Streamlit's own scripts and styles compressed; each file is compressed once and kept in memory.

    Streamlit leaves this to a proxy, because Starlette's own middleware compresses at each request.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix
        self._responses: dict[str, tuple[Message, bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._applies(scope):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path not in self._responses:
            response = await self._plain(scope, receive)
            if response is None:
                await self._app(scope, receive, send)
                return
            self._responses[path] = await run_in_threadpool(_compressed, *response)
        start, body = self._responses[path]
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _applies(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        path: str = scope["path"]
        return (
            path.startswith(self._prefix)
            and path.endswith(_COMPRESSED_TYPES)
            and _accepts_gzip(Headers(scope=scope))
        )

    async def _plain(self, scope: Scope, receive: Receive) -> tuple[Message, bytes] | None:
        """Start and body of the uncompressed response; None if it is not a whole file."""
        start: Message = {}
        parts: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        conditional = {b"if-none-match", b"if-modified-since", b"range"}
        headers = [(name, value) for name, value in scope["headers"] if name not in conditional]
        await self._app({**scope, "headers": headers}, receive, keep)
        return (start, b"".join(parts)) if start.get("status") == 200 else None


def _compressed(start: Message, body: bytes) -> tuple[Message, bytes]:
    """A response with its body compressed."""
    smaller = gzip.compress(body, _LEVEL, mtime=0)
    message = {**start, "headers": list(start["headers"])}
    headers = MutableHeaders(raw=message["headers"])
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(smaller))
    headers.add_vary_header("Accept-Encoding")
    return message, smaller
