"""Plotly's own script, as its Python package ships it, and its address."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

import streamlit as st


@cache
def plain() -> bytes:
    return files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()


@cache
def name() -> str:
    """File name with a hash of the content, so that a browser may keep the file for ever."""
    return f"plotly-{hashlib.sha256(plain()).hexdigest()[:16]}.min.js"


def path() -> str:
    """Path of the script on this server."""
    return f"{base_path()}/assets/{name()}"


def base_path() -> str:
    """Path under which the server has all pages: blank, or "/name"."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""
