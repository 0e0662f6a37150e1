"""Benchmark client against a real socket server of known timing; decoder with bytes split at any place."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.client import Client, Connection, Timeouts, read
from bench.kernel_timing import clock, receive, stamp_arrivals
from bench.mock_server import MockServer, Plan
from bench.request_record import RequestRecord
from bench.self_check import mock_server
from bench.stream import Malformed, answer_of, body_of, events_of, head_of, tokens_per_chunk
from bench.target import Ask, target
from i18n.errors import CrossoverError
from tests.support.bench_results import ask_known, run, run_by_virtual_clock
from tests.support.time_limit import HANG_S


def ttft_s(record: RequestRecord) -> float:
    return record.chunk_s[0] - record.start_s


def test_the_first_token_and_the_pace_of_the_rest_are_recovered() -> None:
    record = ask_known(Plan(ttft_s=0.1, itl_s=0.02))
    assert record.ok
    assert ttft_s(record) == pytest.approx(0.1)
    # 7 gaps of 20 ms
    assert record.chunk_s[-1] - record.chunk_s[0] == pytest.approx(0.14)
    assert (record.input_tokens, record.output_tokens) == (6, 8)
    assert record.finish_reason == "length"
    assert record.end_s >= record.chunk_s[-1]


def test_a_chunk_that_only_names_the_role_is_no_first_token() -> None:
    record = ask_known(Plan(ttft_s=0.1, itl_s=0.001, role_first=True))
    assert record.first_byte_s is not None
    assert record.first_byte_s == record.start_s
    assert ttft_s(record) == pytest.approx(0.1)


def test_a_chunk_of_several_tokens_is_not_taken_for_one() -> None:
    record = ask_known(Plan(ttft_s=0.01, itl_s=0.001, tokens_per_chunk=3))
    assert len(record.chunk_s) == 3
    # 8 tokens in 3 chunks: 2 each, and the 2 left over go to the two longest texts.
    assert record.chunk_tokens == (3, 3, 2)
    assert record.chunk_tokens_from == "spread"


def test_the_servers_running_count_is_believed_before_any_spreading() -> None:
    record = ask_known(Plan(ttft_s=0.01, itl_s=0.001, tokens_per_chunk=5, running_usage=True))
    assert record.chunk_tokens == (5, 3)
    assert record.chunk_tokens_from == "stream"


def test_a_stall_is_one_long_gap() -> None:
    record = ask_known(Plan(ttft_s=0.01, itl_s=0.001, stall_before=4, stall_s=0.2))
    gaps = [b - a for a, b in zip(record.chunk_s, record.chunk_s[1:], strict=False)]
    assert max(range(7), key=lambda i: gaps[i]) == 3
    assert gaps[3] == pytest.approx(0.001 + 0.2)


def test_a_stream_without_usage_is_counted_by_chunks_and_says_so() -> None:
    record = ask_known(Plan(ttft_s=0.01, itl_s=0.001, usage=False))
    assert record.ok
    assert (record.input_tokens, record.usage_output_tokens) == (None, None)
    assert (record.output_tokens, record.chunk_tokens_from) == (8, "chunks")


@pytest.mark.parametrize(
    ("plan", "kind", "problem"),
    [
        (Plan(status=429), "http 429", "HTTP 429: by plan"),
        (Plan(status=500), "http 500", "HTTP 500: by plan"),
        (Plan(html=True), "malformed", "an HTML page"),
        (Plan(0.01, 0.001, disconnect_before=3), "disconnect", "in the middle"),
        (Plan(0.01, 0.001, disconnect_before=3, chunked=False), "disconnect", "in the middle"),
        (Plan(0.01, 0.001, malformed_before=2), "malformed", "no JSON: '{not json'"),
        (Plan(0.01, 0.001, finish=False), "malformed", "without a finish reason"),
        (Plan(0.01, 0.001, silent_before=2), "timeout", "no byte for 0.3 s"),
        (Plan(0.01, 0.02, endless=True), "timeout", "not ended after 0.5 s"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_error_is_told_by_its_kind(plan: Plan, kind: str, problem: str) -> None:
    record = ask_known(plan, timeouts=Timeouts(silence_s=0.3, whole_s=0.5))
    assert not record.ok
    assert record.kind == kind
    assert problem in record.problem


def test_a_cut_stream_keeps_the_tokens_that_came() -> None:
    record = ask_known(Plan(ttft_s=0.02, itl_s=0.02, silent_before=3), timeouts=Timeouts(silence_s=0.2))
    assert record.fault == "timeout"
    assert len(record.chunk_s) == 3


@pytest.mark.parametrize("chunked", [True, False])
def test_an_event_torn_into_single_bytes_is_the_same_event(chunked: bool) -> None:
    record = ask_known(Plan(ttft_s=0.01, itl_s=0.002, split=1, chunked=chunked))
    assert record.ok
    assert len(record.chunk_s) == 8


def test_completions_are_streamed_as_chats_are() -> None:
    async def once() -> RequestRecord:
        server, port = await MockServer(Plan(0.01, 0.001)).listen()
        async with server:
            endpoint = target(f"http://127.0.0.1:{port}/v1", "toy", "completions")
            return await Client(endpoint).ask(Ask("one two", 5))

    record = run_by_virtual_clock(once())
    assert record.ok
    assert record.output_tokens == 5


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def ask_at(url: str) -> RequestRecord:
    return run(Client(target(url, "toy"), Timeouts(connect_s=HANG_S)).ask(Ask("one", 1)))


def test_nobody_at_the_door_is_a_connect_error() -> None:
    record = ask_at(f"http://127.0.0.1:{free_port()}")
    assert record.fault == "connect"
    assert "refused" in record.problem


def test_a_server_without_tls_is_a_tls_error_for_https() -> None:
    async def once() -> RequestRecord:
        server, port = await MockServer(Plan()).listen()
        async with server:
            return await Client(target(f"https://127.0.0.1:{port}", "toy"), Timeouts(connect_s=1)).ask(
                Ask("a", 1)
            )

    assert run_by_virtual_clock(once()).fault == "tls"


def test_a_server_that_speaks_no_http_is_malformed() -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        with listening, listening.accept()[0] as connection:
            connection.recv(1000)
            connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

    threading.Thread(target=greet, daemon=True).start()
    record = ask_at(f"http://127.0.0.1:{listening.getsockname()[1]}")
    assert record.kind == "malformed"
    assert "SSH-2.0" in record.problem


def test_a_refusal_without_json_says_its_status_alone() -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        with listening, listening.accept()[0] as connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone")

    threading.Thread(target=refuse, daemon=True).start()
    assert ask_at(f"http://127.0.0.1:{listening.getsockname()[1]}").problem == "HTTP 404"


def test_an_unknown_host_is_one_line() -> None:
    with pytest.raises(CrossoverError, match=r"^--url: no host 'no-such-host\.invalid'"):
        ask_at("http://no-such-host.invalid:1")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://here", "not an http address"),
        ("127.0.0.1:8000", "not an http address"),
        ("http://", "not an http address"),
        ("http://a:99999", "write http"),
        ("http://me:secret@here", "no password"),
        ("http://here/a b", "plain ASCII"),
        ("http://here/v1/completions", "is not the path of --api chat"),
    ],
)
def test_a_wrong_address_is_refused_before_anything_is_sent(url: str, reason: str) -> None:
    with pytest.raises(CrossoverError, match=reason):
        target(url, "toy")


def test_a_key_is_sent_and_not_shown() -> None:
    endpoint = target("http://here", "toy", key="sk-very-secret")
    assert b"Authorization: Bearer sk-very-secret" in endpoint.request(Ask("a", 1))
    assert "secret" not in repr(endpoint)


def test_the_address_is_completed_to_the_call() -> None:
    assert target("http://here:8000", "toy").path == "/v1/chat/completions"
    assert target("http://here:8000/openai/v1/", "toy").path == "/openai/v1/chat/completions"
    assert target("http://here/v1/completions", "toy", "completions").path == "/v1/completions"


STREAM = (
    b'data: {"choices":[{"delta":{"role":"assistant"}}]}\n\n'
    b": a comment\n\n"
    b'data: {"choices":[{"delta":{"content":"\xe4\xbd\xa0"}}]}\r\n\r\n'
    b'data: {"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}]}\n\n'
    b'data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}\n\n'
    b"data: [DONE]\n\n"
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


@given(st.lists(st.integers(1, 60), max_size=12), st.lists(st.integers(1, 80), max_size=12))
def test_where_bytes_are_cut_changes_no_content(sizes: list[int], arrivals: list[int]) -> None:
    raw, rest = HEAD, STREAM
    for size in [*sizes, len(STREAM)]:
        part, rest = rest[:size], rest[size:]
        if part:
            raw += b"%x\r\n%s\r\n" % (len(part), part)
    raw += b"0\r\n\r\n"
    pieces, at = [], 0.0
    for size in [*arrivals, len(raw)]:
        part, raw = raw[:size], raw[size:]
        at += 1.0
        if part:
            pieces.append((at, part))
    head = head_of(b"".join(data for _, data in pieces))
    assert head is not None
    body = body_of(pieces, head, closed=False)
    assert body.complete
    assert body.data == STREAM
    answer = answer_of(events_of(body))
    assert [chunk.size for chunk in answer.chunks] == [3, 1]
    assert (answer.input_tokens, answer.output_tokens, answer.finish_reason) == (7, 2, "stop")
    assert tokens_per_chunk(answer) == ((1, 1), "spread")
    assert [e.at for e in events_of(body)] == sorted(e.at for e in events_of(body))


def test_an_event_is_stamped_by_its_last_byte() -> None:
    head, first, second = b"HTTP/1.1 200 OK\r\n\r\n", b'data: {"a"', b":1}\n\n"
    pieces = [(1.0, head), (2.0, first), (3.0, second)]
    parsed_head = head_of(head)
    assert parsed_head is not None
    assert [(e.at, e.data) for e in events_of(body_of(pieces, parsed_head, closed=True))] == [
        (3.0, '{"a":1}')
    ]


@pytest.mark.parametrize("raw", [b"zz\r\nab\r\n", b"-2\r\nab\r\n", b"1\r\nab\r\n0\r\n\r\n"])
def test_a_broken_transfer_chunk_is_malformed(raw: bytes) -> None:
    head = head_of(HEAD)
    assert head is not None
    with pytest.raises(Malformed, match="transfer chunk"):
        body_of([(1.0, HEAD + raw)], head, closed=True)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@given(
    st.lists(st.tuples(st.integers(0, 700), st.binary(max_size=6)), max_size=6),
    st.integers(0, 700),
    st.booleans(),
)
def test_no_answer_however_broken_breaks_the_client(
    loop: asyncio.AbstractEventLoop, changes: list[tuple[int, bytes]], length: int, closed: bool
) -> None:
    raw = HEAD + b"%x\r\n%s\r\n0\r\n\r\n" % (len(STREAM), STREAM)
    for place, data in changes:
        raw = raw[:place] + data + raw[place + len(data) :]
    exchange = Connection(b"", Timeouts(), loop)
    exchange.data_received(raw[:length])
    exchange.data_received(raw[length:])
    exchange.closed = closed
    record = read(exchange, RequestRecord(0.0, 0.0, 0.0))
    assert record.ok or record.problem


@pytest.mark.parametrize(
    "event",
    [
        b'{"choices":' + b"[" * 50_000,
        b'{"choices":[[1]]}',
        b'"text"',
        b'{"choices":[{"text":1,"finish_reason":[1]}],"usage":{"completion_tokens":1e999}}',
        b'{"error":{"message":"out of memory"}}',
    ],
    ids=["deep", "list", "text", "types", "error"],
)
def test_an_event_of_wrong_types_is_malformed(loop: asyncio.AbstractEventLoop, event: bytes) -> None:
    exchange = Connection(b"", Timeouts(), loop)
    exchange.data_received(b"HTTP/1.1 200 OK\r\n\r\ndata: " + event + b"\n\ndata: [DONE]\n\n")
    record = read(exchange, RequestRecord(0.0, 0.0, 0.0))
    assert record.fault == "malformed"


@pytest.mark.parametrize("length", ["²", "-1", "9" * 5000, "ten"])
def test_a_length_that_is_no_number_is_no_length(length: str) -> None:
    head = head_of(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode("latin-1"))
    assert head is not None
    assert head.length is None


def test_a_certificate_that_nobody_signed_is_a_tls_error() -> None:
    # A server that begins TLS and has no certificate at all fails the handshake the same way.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    async def once() -> RequestRecord:
        server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0, ssl=context)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await Client(target(f"https://127.0.0.1:{port}", "toy"), Timeouts(connect_s=HANG_S)).ask(
                Ask("a", 1)
            )

    record = run(once())
    assert record.fault == "tls"
    assert record.problem.startswith("TLS failed")


def exchange(port: int, *requests: bytes) -> bytes:
    """Bytes that a server sends on one connection until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=HANG_S) as sock:
        answer = b""
        for request in requests:
            sock.sendall(request)
            while not answer.endswith(b"0\r\n\r\n") and (data := sock.recv(65536)):
                answer += data
            answer += b"|"
        return answer


def http_request(more: str = "") -> bytes:
    body = json.dumps({"model": "toy", "max_tokens": 2, "prompt": "a"}).encode()
    return f"POST /v1/completions HTTP/1.1\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


def test_the_mock_server_keeps_a_connection_unless_told_to_close_it() -> None:
    with mock_server(Plan(0.001, 0.001)) as url:
        port = int(url.rsplit(":", 1)[1])
        both = exchange(port, http_request(), http_request())
        closed = exchange(port, http_request("Connection: close\r\n"), b"")
        listed = exchange(port, b"GET /v1/models HTTP/1.1\r\n\r\n")
    assert both.count(b"data: [DONE]") == 2
    assert closed.count(b"data: [DONE]") == 1
    assert b'"id": "known"' in listed


def test_a_request_in_two_parts_is_timed_from_its_last_byte() -> None:
    async def took_s() -> float:
        server, port = await MockServer(Plan(ttft_s=0.1, itl_s=0.001)).listen()
        async with server:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            whole = http_request("Connection: close\r\n")
            writer.write(whole[:-5])
            await asyncio.sleep(0.15)
            began = asyncio.get_running_loop().time()
            writer.write(whole[-5:])
            await reader.readuntil(b"tok")
            ended = asyncio.get_running_loop().time()
            await reader.read()
            writer.close()
            return ended - began

    # From the first byte on it would have been at once.
    assert run_by_virtual_clock(took_s()) == pytest.approx(0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's stamps are Linux's")
def test_what_waited_in_the_kernel_is_stamped_when_it_came() -> None:
    for _ in range(100):  # until this process is not held up between two readings of a clock
        with socket.create_server(("127.0.0.1", 0)) as listening:
            stamp_arrivals(listening)
            with (
                socket.create_connection(listening.getsockname()) as sender,
                listening.accept()[0] as receiver,
            ):
                sent = clock()
                sender.sendall(b"one")
                time.sleep(0.1)
                data, at = receive(receiver)
                assert clock() - sent >= 0.1
        assert data == b"one"
        if -0.002 <= at - sent <= 0.05:  # wall clock and stopwatch are read one after the other
            return
    pytest.fail("stamped when it was read")
