"""Server around the pages: routes of Plotly's script and of the first page, and compressed files."""

from __future__ import annotations

from functools import cache
from typing import Final

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from .. import plotly_script
from .compression import COMPRESSORS, StaticCompression, encoding

_FOR_EVER: Final = "public, max-age=31536000, immutable"


def routes() -> list[BaseRoute]:
    """Routes besides those of Streamlit."""
    return [
        Route(plotly_script.path(), _plotly, methods=["GET", "HEAD"]),
        Route(f"{plotly_script.base_path()}/compare", _first_page, methods=["GET", "HEAD"]),
    ]


def middleware() -> list[Middleware]:
    """Middleware before that of Streamlit."""
    return [Middleware(StaticCompression, prefix=f"{plotly_script.base_path()}/static/")]


def _first_page(request: Request) -> Response:
    """The comparison is the first page, at the root; Streamlit answers its own name with "Page not found"."""
    query = request.url.query
    return RedirectResponse(f"./{'?' if query else ''}{query}", headers={"Cache-Control": "no-store"})


def _plotly(request: Request) -> Response:
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    accepted = encoding(request.headers)
    if accepted:
        headers["Content-Encoding"] = accepted
    return Response(_script(accepted), media_type="text/javascript", headers=headers)


@cache
def _script(accepted: str) -> bytes:
    """Plotly's script in a content encoding; each is made once."""
    return COMPRESSORS[accepted](plotly_script.plain()) if accepted else plotly_script.plain()
