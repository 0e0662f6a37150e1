"""Server around the pages: Plotly's script and Streamlit's own files are sent compressed."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard import plotly_script
from dashboard.entry import server
from dashboard.entry.compression import encoding

SCRIPT = b"const answer = 42;\n" * 100


GZIP = {"Accept-Encoding": "gzip"}


def files(calls: list[str]) -> TestClient:
    """A server of one script and one picture; `calls` records the requested paths."""

    def file(request: Request) -> Response:
        calls.append(request.url.path)
        if request.headers.get("if-none-match"):
            return Response(status_code=304)
        if "missing" in request.url.path:
            return PlainTextResponse("no such file", status_code=404)
        return Response(SCRIPT, media_type="text/javascript", headers={"Cache-Control": "immutable"})

    app = Starlette(routes=[Route("/{path:path}", file)], middleware=server.middleware())
    return TestClient(app, headers=GZIP)


@pytest.mark.parametrize(
    ("accepted", "sent", "at_most"),
    [("gzip, deflate, br", "br", 1_350_000), ("gzip", "gzip", 1_600_000)],
)
def test_plotly_is_served_compressed_and_kept_for_ever(accepted: str, sent: str, at_most: int) -> None:
    client = TestClient(Starlette(routes=server.routes()))
    response = client.get(plotly_script.path(), headers={"Accept-Encoding": accepted})
    assert response.headers["content-encoding"] == sent
    assert "immutable" in response.headers["cache-control"]
    assert int(response.headers["content-length"]) < at_most
    assert response.content == plotly_script.plain()
    assert (
        client.get(plotly_script.path(), headers={"Accept-Encoding": "identity"}).content == response.content
    )


def test_the_address_of_plotly_changes_with_its_content() -> None:
    digest = hashlib.sha256(plotly_script.plain()).hexdigest()
    assert plotly_script.path() == f"/assets/plotly-{digest[:16]}.min.js"


def test_plotly_is_served_behind_a_path_too(monkeypatch: pytest.MonkeyPatch) -> None:
    option: Any = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda name: "/tools/crossover/" if name == "server.baseUrlPath" else option(name)
    )
    assert plotly_script.path().startswith("/tools/crossover/assets/plotly-")
    assert TestClient(Starlette(routes=server.routes())).get(plotly_script.path()).status_code == 200


def test_a_script_is_compressed_once() -> None:
    calls: list[str] = []
    client = files(calls)
    for _ in range(3):
        response = client.get("/static/js/index.js")
        assert response.content == SCRIPT
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["cache-control"] == "immutable"
        assert int(response.headers["content-length"]) == len(gzip.compress(SCRIPT, 6))
    assert calls == ["/static/js/index.js"]


def test_a_client_that_knows_no_compression_gets_the_file_as_it_is() -> None:
    response = files([]).get("/static/js/index.js", headers={"Accept-Encoding": "identity"})
    assert response.content == SCRIPT
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("path", ["/static/media/font.woff2", "/_stcore/health", "/"])
def test_only_scripts_and_styles_of_streamlit_are_compressed_here(path: str) -> None:
    assert "content-encoding" not in files([]).get(path).headers


def test_a_missing_file_stays_missing_and_is_not_kept() -> None:
    calls: list[str] = []
    client = files(calls)
    assert [client.get("/static/missing.js").status_code for _ in range(2)] == [404, 404]


def test_a_browser_that_has_the_file_may_say_so() -> None:
    response = files([]).get("/static/js/index.js", headers={"If-None-Match": "abc"})
    assert response.status_code == 200
    assert response.content == SCRIPT


@pytest.mark.parametrize(
    ("accepted", "preferred"),
    [("gzip, br", "br"), ("gzip;q=1.0", "gzip"), ("identity", ""), ("", ""), ("zebra", "")],
)
def test_the_smallest_encoding_that_the_browser_accepts_is_preferred(accepted: str, preferred: str) -> None:
    assert encoding(Headers({"accept-encoding": accepted})) == preferred
