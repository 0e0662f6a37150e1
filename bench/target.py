"""Address of an endpoint, and the bytes of one request to it."""

from __future__ import annotations

import ipaddress
import json
import ssl
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from i18n.errors import CrossoverError
from i18n.message import message

Api = Literal["chat", "completions"]
PATHS: dict[Api, str] = {"chat": "/chat/completions", "completions": "/completions"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model behind one OpenAI-compatible endpoint."""

    url: str
    """URL as given, without user and password."""
    host: str
    port: int
    tls: bool
    path: str
    model: str
    api: Api
    key: str = field(default="", repr=False)
    """A bearer token; never written into a result."""
    extra: tuple[tuple[str, Any], ...] = ()
    """Additional fields of every request's body."""
    trusted_file: str = ""
    """A file of certificates to trust instead of the system's."""

    def ssl_context(self) -> ssl.SSLContext | None:
        if not self.tls:
            return None
        try:
            return ssl.create_default_context(cafile=self.trusted_file or None)
        except (OSError, ssl.SSLError) as error:
            raise CrossoverError(
                message(
                    "{path}: no certificates can be read from it: {problem} (give a PEM file)",
                    path=self.trusted_file,
                    problem=str(error),
                )
            ) from error

    def body(self, ask: Ask) -> bytes:
        """The JSON of one request."""
        request: dict[str, Any] = {"model": self.model}
        if self.api == "chat":
            request["messages"] = [{"role": "user", "content": ask.prompt}]
        else:
            request["prompt"] = ask.prompt
        request["stream"] = True
        request["stream_options"] = {"include_usage": True}
        if ask.max_tokens is not None:
            request["max_tokens"] = ask.max_tokens
        request.update(self.extra)
        request.update(ask.extra)
        return json.dumps(request, ensure_ascii=False).encode("utf-8", "replace")

    def request(self, ask: Ask) -> bytes:
        """The whole HTTP/1.1 request, head and body, for one write."""
        body = self.body(ask)
        host = f"[{self.host}]" if ":" in self.host else self.host
        head = [
            f"POST {self.path} HTTP/1.1",
            f"Host: {host}:{self.port}",
            "Content-Type: application/json",
            "Accept: text/event-stream",
            "Connection: close",
            f"Content-Length: {len(body)}",
        ]
        if self.key:
            head.append(f"Authorization: Bearer {self.key}")
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


@dataclass(frozen=True, slots=True)
class Ask:
    """One prompt and how long its answer may be."""

    prompt: str
    max_tokens: int | None = None
    extra: tuple[tuple[str, Any], ...] = ()


def target(
    url: str,
    model: str,
    api: Api = "chat",
    *,
    key: str = "",
    extra: dict[str, Any] | None = None,
    trusted_file: str = "",
) -> Endpoint:
    """The Target of a URL; raises CrossoverError for an invalid one.

    A URL that ends in the call's own path is taken as it is; a bare host gets /v1.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise CrossoverError(
            message("--url: '{url}': {problem} (write http://127.0.0.1:8000)", url=url, problem=str(error))
        ) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CrossoverError(
            message("--url: '{url}' is not an http address (write http://127.0.0.1:8000)", url=url)
        )
    if parts.username or parts.password:
        raise CrossoverError(
            message("--url: no password is taken in an address (put a key into an environment variable)")
        )
    if any(character <= " " or character > "~" for character in url + key):
        raise CrossoverError(
            message("--url or key: only plain ASCII without spaces is taken (write the address encoded)")
        )
    if not model.strip():
        raise CrossoverError(message("--model: empty (give the name the server lists at /v1/models)"))
    path = parts.path.rstrip("/")
    if not path.endswith(tuple(PATHS.values())):
        path = (path or "/v1") + PATHS[api]
    elif not path.endswith(PATHS[api]) or (api == "completions" and path.endswith(PATHS["chat"])):
        raise CrossoverError(
            message("--url: '{url}' is not the path of --api {api} (leave the path out)", url=url, api=api)
        )
    tls = parts.scheme == "https"
    return Endpoint(
        url=f"{parts.scheme}://{parts.netloc}{parts.path}",
        host=parts.hostname,
        port=port or (443 if tls else 80),
        tls=tls,
        path=path + (f"?{parts.query}" if parts.query else ""),
        model=model,
        api=api,
        key=key,
        extra=tuple((extra or {}).items()),
        trusted_file=trusted_file,
    )


def is_local(host: str) -> bool:
    """Whether the endpoint is on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
