"""Fetching against a server that lies, dawdles and leads astray: what is kept, what is refused, who is asked."""

from __future__ import annotations

import gzip
import hashlib
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests_server import Server, certified, html, moved, page
from warcio.archiveiterator import ArchiveIterator

from tallystick import __version__
from tallystick.errors import AskedWrongly, NotFetched
from tallystick.evidence import exchange, fetch
from tallystick.evidence.fetch import Fetched, Fetcher, Limits, Rules

NOW = "2020-01-02T03:04:05.678Z"
QUICK = Limits(connect=10.0, read=10.0, whole=10.0, size=100_000, head=4096)
OWN = Rules(allow_private=True, any_port=True, delay=0.0, limits=QUICK)
# So far apart that a busy machine does not mistake one wait for the other.
WAITS = {"for 0.2 s": replace(QUICK, read=0.2), "than 0.3 s": replace(QUICK, whole=0.3)}


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if seconds:
            self.slept.append(seconds)


def loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def fetcher(rules: Rules = OWN, resolve: exchange.Resolve = loopback, pace: Time | None = None) -> Fetcher:
    pace = pace or Time()
    return Fetcher(rules, lambda: NOW, resolve=resolve, clock=pace.clock, sleep=pace.sleep)


def fetched(url: str, by: Fetcher | None = None) -> tuple[Fetched, list[dict]]:
    """What comes of ``url``, and the records of its WARC file, all digests checked."""
    out = io.BytesIO()
    got = (by or fetcher()).fetch(url, out)
    out.seek(0)
    for record in ArchiveIterator(out, check_digests="raise"):
        record.raw_stream.read()
        assert record.digest_checker.passed
    out.seek(0)
    records = []
    for record in ArchiveIterator(out, no_record_parse=True):
        headers = record.rec_headers.headers
        records.append(
            dict(headers) | {"type": record.rec_type, "headers": headers, "block": record.raw_stream.read()}
        )
    return got, records


def of(kind: str, records: list[dict]) -> list[dict]:
    return [record for record in records if record["type"] == kind]


def fields(record: dict) -> list[tuple[str, str]]:
    return [tuple(row.split(": ", 1)) for row in record["block"].decode().splitlines()]


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    running: list[Server] = []

    def start(says: dict, tls: ssl.SSLContext | None = None) -> Server:
        running.append(Server(says, tls))
        return running[-1]

    yield start
    for server in running:
        server.__exit__()


# ------------------------------------------------------------------------------ what is kept


def test_request_and_response_are_kept_byte_for_byte(serve):
    odd = b"HTTP/1.1 200 Fine\r\nconTENT-length:   5\r\nX-Odd:  a  \r\nX-Folded: a\r\n  b\r\nno header\r\n\r\nhello"
    server = serve({"/a?b": odd})
    got, records = fetched(server.url("/a?b", "example.org"))
    assert got.complete
    assert of("response", records)[0]["block"] == odd
    assert of("request", records)[0]["block"] == server.asked[-1]
    assert server.asked[-1].decode().splitlines()[:3] == [
        "GET /a?b HTTP/1.1",
        f"Host: example.org:{server.port}",
        f"User-Agent: tallystick/{__version__}",
    ]


def test_the_records_say_where_when_and_by_whom(serve):
    server = serve({"/": html("Shells fell.")})
    _, records = fetched(server.url())
    assert [record["type"] for record in records] == ["warcinfo", "response", "request", "metadata"]
    info, response, request, seen = records
    assert ("software", f"tallystick/{__version__}") in fields(info)
    assert ("robots", "obeyed") in fields(info)
    assert response["WARC-Target-URI"] == server.url()
    assert response["WARC-IP-Address"] == "127.0.0.1"
    assert response["WARC-Date"] == NOW
    assert response["Content-Type"] == "application/http; msgtype=response"
    assert request["WARC-Concurrent-To"] == seen["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert ("dns-answers", "127.0.0.1") in fields(seen)
    assert ("connected-to", f"127.0.0.1 port {server.port}") in fields(seen)


def test_the_moment_is_that_of_the_question_not_of_the_end_of_the_answer(serve):
    moments = iter(f"2020-01-01T00:00:0{n}Z" for n in range(9))
    told: list[str] = []

    def late(sock: socket.socket) -> None:
        told.append(next(moments))  # a moment passes while the server answers
        sock.sendall(html("x"))

    server = serve({"/": late})
    by = Fetcher(replace(OWN, ignore_robots="test"), lambda: next(moments), resolve=loopback)
    _, records = fetched(server.url(), by)
    assert of("response", records)[0]["WARC-Date"] < told[0]
    assert {record["WARC-Date"] for record in records[1:]} == {"2020-01-01T00:00:01Z"}


def test_the_payload_digest_is_that_of_the_body(serve):
    server = serve({"/": page(b"hello")})
    _, records = fetched(server.url())
    assert (
        of("response", records)[0]["WARC-Payload-Digest"] == f"sha256:{hashlib.sha256(b'hello').hexdigest()}"
    )


def test_each_redirect_is_kept_with_its_own_records(serve):
    server = serve(
        {"/a": moved("/b", "301 Moved"), "/b": moved("/c#part", "307 Temporary"), "/c": html("There.")}
    )
    got, records = fetched(server.url("/a"))
    assert got.complete
    assert [row["status"] for row in got.answers] == [301, 307, 200]
    assert [r["WARC-Target-URI"] for r in of("response", records)] == [
        server.url(p) for p in ("/a", "/b", "/c")
    ]
    assert [r["WARC-Target-URI"] for r in of("request", records)] == [
        server.url(p) for p in ("/a", "/b", "/c")
    ]
    assert ("via", server.url("/b")) in fields(of("metadata", records)[2])


def test_compressed_and_chunked_answers_are_kept_as_received(serve):
    packed = gzip.compress(b"x" * 50_000_000, 9, mtime=0)
    chunks = b"".join(
        b"%x;ext=1\r\n%s\r\n" % (len(packed[i : i + 9999]), packed[i : i + 9999])
        for i in range(0, len(packed), 9999)
    )
    raw = (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunks
        + b"0\r\nX-After: 1\r\n\r\n"
    )
    server = serve({"/": raw})
    got, records = fetched(server.url())
    assert got.complete
    assert of("response", records)[0]["block"] == raw


@pytest.mark.parametrize(
    "status", ["204 No Content", "304 Not Modified", "404 Not Found", "500 Oh", "300 Choices"]
)
def test_an_answer_that_is_no_page_is_kept_and_is_no_report(serve, status):
    server = serve({"/": page(b"", status=status)})
    got, records = fetched(server.url())
    assert not got.complete
    assert status in got.flaw
    assert len(of("response", records)) == 1


# ----------------------------------------------------------------- answers that do not come whole


def patient(why: str) -> Fetcher:
    """One that waits but a moment, where that is what the test is about."""
    limits = next((each for told, each in WAITS.items() if told in why), QUICK)
    return fetcher(replace(OWN, limits=limits))


def hang(sock: socket.socket) -> None:
    with pytest.raises((OSError, AssertionError)):
        assert sock.recv(1)


def then_hangs(start: bytes) -> Callable[[socket.socket], None]:
    def say(sock: socket.socket) -> None:
        sock.sendall(start)
        hang(sock)

    return say


def drips(start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def say(sock: socket.socket) -> None:
        sock.sendall(start)
        while True:
            sock.sendall(drop)
            time.sleep(0.05)

    return say


def pours(start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def say(sock: socket.socket) -> None:
        sock.sendall(start)
        while True:
            sock.sendall(drop * 5000)

    return say


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("says", "word", "why"),
    [
        pytest.param(OK + b"Content-Length: 9\r\n\r\nhello", "disconnect", "after 5 of 9 bytes", id="too short"),
        pytest.param(CHUNKED + b"5\r\nhel", "disconnect", "after 3 of 5 bytes", id="within a chunk"),
        pytest.param(CHUNKED + b"5\r\nhello", "disconnect", "within a chunk", id="before a chunk's end"),
        pytest.param(CHUNKED + b"5\r\nhello\r\n", "disconnect", "between two chunks", id="between chunks"),
        pytest.param(CHUNKED + b"0\r\nX: y\r\n", "disconnect", "last chunk", id="within the trailer"),
        pytest.param(CHUNKED + b"hello\r\n", "unspecified", "no size", id="no chunk at all"),
        pytest.param(CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", "unspecified", "no size", id="a chunk of less than nothing"),
        pytest.param(CHUNKED + b"f" * 400 + b"\r\n", "unspecified", "no size", id="an endless chunk"),
        pytest.param(CHUNKED + b"5\r\nhello!!", "unspecified", "ends with", id="a chunk longer than told"),
        pytest.param(then_hangs(OK + b"Content-Length: 9\r\n\r\nhello"), "time", "nothing came for 0.2 s", id="hangs"),
        pytest.param(drips(OK + b"Content-Length: 99999\r\n\r\n", b"x"), "time", "more than 0.3 s", id="drips"),
        pytest.param(drips(CHUNKED, b"1\r\nx\r\n"), "time", "more than 0.3 s", id="drips chunks"),
        pytest.param(pours(OK + b"\r\n", b"x"), "length", "100,000", id="endless body"),
        pytest.param(pours(CHUNKED, b"1\r\nx\r\n"), "length", "100,000", id="endless chunks"),
        pytest.param(pours(CHUNKED + b"0\r\n", b"X: y\r\n"), "length", "100,000", id="endless trailer"),
        pytest.param(OK + b"Content-Length: 999999\r\n\r\n" + b"x" * 999_999, "length", "100,000", id="too long"),
    ],
)  # fmt: skip
def test_an_answer_cut_off_is_kept_as_far_as_it_came_and_says_so(serve, says, word, why):
    got, records = fetched(serve({"/": says}).url(), patient(why))
    response = of("response", records)[0]
    assert not got.complete
    assert why in got.flaw
    assert response["WARC-Truncated"] == word
    assert response["block"].startswith(OK)
    assert len(response["block"]) <= 100_000
    assert [value for key, value in fields(of("metadata", records)[0]) if key == "truncated"]


@pytest.mark.parametrize(
    ("says", "why"),
    [
        pytest.param(b"", "without a byte", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: y\r\n", "within the head", id="half a head"),
        pytest.param(b"HTTP/1.1 200 OK", "does not speak HTTP/1", id="half a line"),
        pytest.param(b"<html>HTTP/0.9</html>", "does not speak HTTP/1", id="HTTP/0.9"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak HTTP/1", id="another service"),
        pytest.param(b"HTTP/2 200\r\n\r\n", "does not speak HTTP/1", id="HTTP/2"),
        pytest.param(b"HTTP/1.1 20 OK\r\n\r\n", "does not speak HTTP/1", id="no status"),
        pytest.param(b"\x16\x03\x01\x00\xff", "does not speak HTTP/1", id="TLS"),
        pytest.param(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "another protocol", id="another protocol"),
        pytest.param(
            b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20, "8 interim answers", id="interim answers for ever"
        ),
        pytest.param(OK + b"X: y\r\n" * 1000 + b"\r\n", "4,096 bytes", id="a head of many headers"),
        pytest.param(OK + b"X: " + b"y" * 9000 + b"\r\n\r\n", "4,096 bytes", id="a head of one header"),
        pytest.param(pours(OK, b"X"), "4,096 bytes", id="an endless header"),
        pytest.param(then_hangs(OK), "nothing came for 0.2 s", id="hangs within the head"),
        pytest.param(hang, "nothing came for 0.2 s", id="hangs at once"),
        pytest.param(drips(OK, b"X: y\r\n"), "more than 0.3 s", id="drips headers"),
    ],
)
def test_what_is_no_answer_is_refused(serve, says, why):
    with pytest.raises(NotFetched, match=why):
        fetched(serve({"/": says}).url(), patient(why))


def test_an_answer_that_pours_for_ever_ends_when_its_time_is_up(serve):
    limits = Limits(read=5.0, whole=0.05, size=1 << 40)
    got, _ = fetched(
        serve({"/": pours(OK + b"\r\n", b"x")}).url(),
        fetcher(replace(OWN, limits=limits, ignore_robots="test")),
    )
    assert got.answers[0]["truncated"] == "time"


def test_interim_answers_come_before_the_one_that_counts(serve):
    got, records = fetched(
        serve({"/": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + page(b"hello")}).url()
    )
    assert got.complete
    assert of("response", records)[0]["block"] == page(b"hello")
    assert [value for key, value in fields(of("metadata", records)[0]) if key == "remark"]


@pytest.mark.parametrize(
    ("head", "body", "remark"),
    [
        (b"Content-Length: 5\r\n", b"hello and more", "more bytes came"),
        (b"Content-Length: 5\r\nContent-Length: 9\r\n", b"hello", "no one length"),
        (b"Content-Length: five\r\n", b"hello", "no one length"),
        (b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", b"5\r\nhello\r\n0\r\n\r\n", "not heeded"),
    ],
)
def test_a_length_that_is_not_true_is_remarked_on(serve, head, body, remark):
    got, records = fetched(serve({"/": OK + head + b"\r\n" + body}).url())
    assert got.complete
    assert b"hello" in of("response", records)[0]["block"]
    assert any(remark in value for key, value in fields(of("metadata", records)[0]) if key == "remark")


# --------------------------------------------------------------------------- who is asked


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_a_name_that_leads_to_a_machine_within_is_not_asked(serve, address):
    server = serve({"/": html("secret")})
    strict = Rules(any_port=True, limits=QUICK)
    with pytest.raises(NotFetched, match=r"is not asked: .* leads to"):
        fetched(server.url(host="inside.example"), fetcher(strict, lambda host, port: [address]))
    assert server.asked == []


def test_one_answer_of_the_dns_within_refuses_the_name(serve):
    server = serve({"/": html("secret")})
    for answers in (
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
        ["2606:4700::1", "fe80::1"],
    ):
        with pytest.raises(NotFetched, match="leads to"):
            fetched(
                server.url(host="x.example"), fetcher(Rules(any_port=True), lambda host, port, a=answers: a)
            )
    assert server.asked == []


def test_the_connection_goes_to_the_address_that_was_judged(serve, monkeypatch):
    """A name whose second answer lies within (rebinding) is never asked a second time."""
    asked: list[str] = []

    def turns(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("the name was resolved past us"))
    server = serve({"/": html("Shells fell.")})
    rules = Rules(allow_private=True, any_port=True, ignore_robots="test", limits=QUICK)
    got, _ = fetched(server.url(host="turns.example"), fetcher(rules, turns))
    assert got.complete
    assert asked == ["turns.example"]


def test_no_proxy_of_the_environment_is_asked(serve, monkeypatch):
    proxy = serve({})
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url())
    assert fetched(serve({"/": html("x")}).url(host="a.example"))[0].complete
    assert proxy.asked == []


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://user@127.0.0.1/",
        "//metadata.example/",
        "http://[bad/",
        "javascript:alert(1)",
    ],
)
def test_a_redirect_astray_is_kept_and_not_followed(serve, location):
    def resolve(host: str, port: int) -> list[str]:
        return ["169.254.169.254"] if host == "metadata.example" else [host]

    server = serve({"/": moved(location)})
    got, records = fetched(server.url(), fetcher(resolve=resolve))
    assert not got.complete
    assert got.flaw
    assert [row["status"] for row in got.answers] == [302]
    assert len(of("response", records)) == 1


def test_a_redirect_to_a_private_machine_is_refused_without_leave(serve, monkeypatch):
    """A public page that leads to 127.0.0.1: the first is asked, the second is not."""
    inside = serve({"/": html("secret")})
    outside = serve({"/": moved(inside.url())})
    judged = exchange.refusal
    monkeypatch.setattr(
        exchange, "refusal", lambda a, **told: None if a == "127.0.0.9" else judged(a, **told)
    )

    def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.9"] if host == "public.example" else [host]

    dialled = exchange._dialled
    monkeypatch.setattr(exchange, "_dialled", lambda a, p, limits: dialled("127.0.0.1", p, limits))
    got, _ = fetched(outside.url(host="public.example"), fetcher(Rules(any_port=True, limits=QUICK), resolve))
    assert "leads to 127.0.0.1, this machine itself (for an archive of your own: --allow-private)" in got.flaw
    assert inside.asked == []


def test_redirects_in_a_circle_end(serve):
    server = serve({"/": moved("/")})
    got, records = fetched(server.url())
    assert "more than 10 times" in got.flaw
    assert len(of("response", records)) == fetch.REDIRECTS + 1


def test_a_location_that_would_inject_a_header_is_sent_escaped_or_not_at_all(serve):
    server = serve(
        {
            "/a": moved("/b%0d%0aX-Injected:%201"),
            "/c": moved("/d\x0bX: 1"),
            "/b%0d%0aX-Injected:%201": html("x"),
        }
    )
    assert fetched(server.url("/a"))[0].complete
    assert not any(b"\nX-Injected" in asked for asked in server.asked)
    assert "U+000B" in fetched(server.url("/c"))[0].flaw


def test_a_name_server_that_does_not_answer_is_not_waited_for(serve):
    waits = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        waits.wait(5)
        return []

    rules = Rules(limits=Limits(connect=0.1))
    with pytest.raises(NotFetched, match="no name server answered"):
        fetched("http://example.org/", fetcher(Rules(ignore_robots="test", limits=rules.limits), slow))
    waits.set()


def test_a_name_that_is_not_found_and_a_shut_port_are_told():
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    rules = Rules(allow_private=True, any_port=True, ignore_robots="test", limits=QUICK)
    with pytest.raises(NotFetched, match="was not found"):
        fetched("http://example.org/", fetcher(rules, nobody))
    with pytest.raises(NotFetched, match="was not found"):
        fetched("http://example.org/", fetcher(rules, lambda host, port: []))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotFetched, match=r"no connection to 127\.0\.0\.1"):
        fetched(f"http://example.org:{port}/", fetcher(rules))


def test_the_next_address_is_tried_where_one_is_shut(serve):
    server = serve({"/": html("x")})
    got, _ = fetched(server.url(host="a.example"), fetcher(resolve=lambda host, port: ["::1", "127.0.0.1"]))
    assert got.answers[0]["address"] == "127.0.0.1"


# ------------------------------------------------------------------------------------- TLS


def test_a_certificate_that_holds_is_kept_with_its_chain(serve, tmp_path, monkeypatch):
    context, root = certified(tmp_path / "tls", "example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(root))
    server = serve({"/": html("Shells fell.")}, context)
    got, records = fetched(server.url(host="example.org"))
    assert got.complete
    assert got.answers[0]["tls"] == "TLSv1.3"
    seen, chain = of("metadata", records)
    sent = [
        ssl.PEM_cert_to_DER_cert(each + "-----END CERTIFICATE-----\n")
        for each in chain["block"].decode().split("-----END CERTIFICATE-----\n")[:-1]
    ]
    told = [value for key, value in fields(seen) if key == "tls-certificate-sha256"]
    assert told == [hashlib.sha256(each).hexdigest() for each in sent]
    assert len(told) == 2
    assert ("tls-verified", "yes") in fields(seen)
    assert ("WARC-Protocol", "tls/1.3") in of("response", records)[0]["headers"]
    assert of("response", records)[0]["WARC-Cipher-Suite"].startswith("TLS_")
    assert chain["Content-Type"] == "application/pem-certificate-chain"


@pytest.mark.parametrize(
    ("known", "host"), [(False, "example.org"), (True, "other.example"), (True, "127.0.0.1")]
)
def test_a_certificate_that_proves_nothing_is_refused_unless_asked_for(
    serve, tmp_path, monkeypatch, known, host
):
    context, root = certified(tmp_path / "tls", "example.org")
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(root))
    server = serve({"/": html("Shells fell.")}, context)
    rules = {"allow_private": True, "any_port": True, "ignore_robots": "test", "limits": QUICK}
    with pytest.raises(NotFetched, match=r"cannot be trusted .*--bad-tls"):
        fetched(server.url(host=host), fetcher(Rules(**rules)))
    assert server.asked == []
    got, records = fetched(server.url(host=host), fetcher(Rules(**rules, bad_tls=True)))
    assert got.complete
    assert got.answers[0]["tls"].startswith("not verified: ")
    assert any(
        key == "tls-verified" and value.startswith("no: ")
        for key, value in fields(of("metadata", records)[0])
    )
    assert ("allowed-bad_tls", "True") in fields(of("warcinfo", records)[0])


def test_a_good_certificate_stays_verified_under_bad_tls(serve, tmp_path, monkeypatch):
    context, root = certified(tmp_path / "tls", "example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(root))
    rules = Rules(allow_private=True, any_port=True, bad_tls=True, limits=QUICK)
    got, _ = fetched(serve({"/": html("x")}, context).url(host="example.org"), fetcher(rules))
    assert got.answers[0]["tls"] == "TLSv1.3"


def test_an_end_without_a_farewell_of_tls_is_a_cut(serve, tmp_path, monkeypatch):
    context, root = certified(tmp_path / "tls", "example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(root))

    def cut(sock: ssl.SSLSocket) -> None:
        sock.sendall(OK + b"Content-Type: text/html\r\n\r\n<p>Nobody was")
        socket.socket.shutdown(sock, socket.SHUT_RDWR)

    got, _ = fetched(serve({"/": cut}, context).url(host="example.org"))
    assert got.answers[0]["truncated"] == "disconnect"
    assert "farewell" in got.flaw


def test_plain_text_where_tls_was_asked_for_is_refused(serve):
    url = serve({"/": html("x")}).url().replace("http:", "https:")
    rules = Rules(allow_private=True, any_port=True, bad_tls=True, ignore_robots="test", limits=QUICK)
    with pytest.raises(NotFetched):
        fetched(url, fetcher(rules))


# --------------------------------------------------------------------------------- manners


def robots(text: str) -> bytes:
    return page(text.encode(), "Content-Type: text/plain")


def test_robots_txt_is_asked_once_and_heeded(serve):
    server = serve(
        {"/robots.txt": robots("User-agent: *\nDisallow: /no"), "/yes": html("x"), "/no": html("y")}
    )
    by = fetcher()
    _, records = fetched(server.url("/yes"), by)
    with pytest.raises(NotFetched, match="Disallow: /no"):
        fetched(server.url("/no"), by)
    assert server.paths == ["/robots.txt", "/yes"]
    assert any(key == "robots" and "SHA-256" in value for key, value in fields(of("metadata", records)[0]))


def test_robots_txt_is_heeded_after_a_redirect(serve):
    other = serve({"/robots.txt": robots("User-agent: *\nDisallow: /"), "/": html("x")})
    got, _ = fetched(serve({"/": moved(other.url())}).url())
    assert "is not asked" in got.flaw
    assert other.paths == ["/robots.txt"]


def test_robots_txt_is_ignored_with_the_reason_on_record(serve):
    server = serve({"/robots.txt": robots("User-agent: *\nDisallow: /"), "/": html("x")})
    rules = Rules(allow_private=True, any_port=True, ignore_robots="war crimes inquiry", limits=QUICK)
    _, records = fetched(server.url(), fetcher(rules))
    assert server.paths == ["/"]
    assert ("robots", "ignored: war crimes inquiry") in fields(of("metadata", records)[0])
    assert ("allowed-ignore_robots", "war crimes inquiry") in fields(of("warcinfo", records)[0])


@pytest.mark.parametrize(
    ("says", "may"),
    [
        (page(b"", status="404 Not Found"), True),
        (page(b"", status="403 Forbidden"), True),
        (page(b"", status="429 Too Many"), False),
        (page(b"", status="503 Busy"), False),
        (b"nonsense", False),
        (OK + b"Content-Length: 99\r\n\r\nUser-agent: *", False),
        (page(gzip.compress(b"User-agent: *\nDisallow: /"), "Content-Encoding: gzip"), False),
        (page(b"\xce\xb2", "Content-Encoding: br-unknown"), False),
        (CHUNKED + b"d\r\nUser-agent: *\r\nc\r\n\nDisallow: /\r\n0\r\n\r\n", False),
        (page(b"User-agent: *\nDisallow: /\n" + b"#" * 600_000), False),
        (moved("/elsewhere"), False),
        (moved("/robots.txt"), True),
        (moved("http://169.254.169.254/"), False),
    ],
)
def test_a_robots_txt_that_is_not_there_allows_and_one_that_cannot_be_had_forbids(serve, says, may):
    server = serve({"/robots.txt": says, "/": html("x"), "/elsewhere": robots("User-agent: *\nDisallow: /")})
    if may:
        assert fetched(server.url(), fetcher(resolve=lambda host, port: [host]))[0].complete
    else:
        with pytest.raises(NotFetched, match="is not asked"):
            fetched(server.url(), fetcher(resolve=lambda host, port: [host]))
        assert "/" not in server.paths


def test_a_host_is_left_alone_between_two_questions(serve):
    server, pace = serve({"/robots.txt": robots("User-agent: *\nCrawl-delay: 7"), "/": html("x")}), Time()
    rules = Rules(allow_private=True, any_port=True, delay=1.0, limits=QUICK)
    by = fetcher(rules, pace=pace)
    fetched(server.url(host="a.example"), by)
    assert pace.slept == [1.0]
    fetched(server.url(host="a.example"), by)
    assert pace.slept == [1.0, 7.0]
    fetched(server.url(host="b.example"), by)
    assert pace.slept == [1.0, 7.0, 1.0]


def test_no_site_makes_us_wait_for_long(serve):
    server, pace = serve({"/robots.txt": robots("User-agent: *\nCrawl-delay: 86400"), "/": html("x")}), Time()
    by = fetcher(OWN, pace=pace)
    fetched(server.url(), by)
    fetched(server.url(), by)
    assert pace.slept == [fetch.LONGEST]


@pytest.mark.parametrize(
    ("headers", "slept"),
    [(["Retry-After: 3"], [3.0, 3.0]), ([], [5.0, 5.0]), (["Retry-After: soon"], [5.0, 5.0]), (["Retry-After: 3600"], [])],
)  # fmt: skip
@pytest.mark.parametrize("status", ["429 Too Many", "503 Busy"])
def test_a_busy_server_is_asked_again_when_it_says_so_and_not_for_ever(serve, status, headers, slept):
    busy = page(b"later", *headers, status=status)
    server, pace = serve({"/": [busy, busy, busy, html("x")]}), Time()
    got, records = fetched(server.url(), fetcher(pace=pace))
    assert pace.slept == slept
    assert len(of("response", records)) == len(slept) + 1
    assert status in got.flaw


def test_an_answer_after_a_busy_one_counts(serve):
    server = serve(
        {"/": [page(b"", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", status="503 Busy"), html("x")]}
    )
    got, records = fetched(server.url())
    assert got.complete
    assert [row["status"] for row in got.answers] == [503, 200]
    assert len(of("response", records)) == 2


def test_the_contact_is_told_and_cannot_add_a_header(serve):
    server = serve({"/": html("x")})
    rules = Rules(allow_private=True, any_port=True, contact="desk@example.org", limits=QUICK)
    fetched(server.url(), fetcher(rules))
    assert f"User-Agent: tallystick/{__version__} (desk@example.org)\r\n".encode() in server.asked[-1]
    for contact in ("a\r\nX: y", "a) (b", "ü", "x" * 201):
        with pytest.raises(AskedWrongly, match="sent to every server"):
            Rules(contact=contact)


def test_nothing_is_told_of_the_asker_but_what_was_chosen(serve):
    server = serve({"/a": page(b"", "Location: /b", "Set-Cookie: id=1", status="302 Found"), "/b": html("x")})
    fetched(server.url("/a"))
    names = {row.partition(b":")[0].lower() for row in server.asked[-1].split(b"\r\n")[1:] if row}
    assert names == {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"}


def test_a_disk_that_is_full_is_no_fault_of_the_server(serve, monkeypatch):
    class Full(io.BytesIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(exchange.tempfile, "SpooledTemporaryFile", lambda max_size: Full())
    rules = Rules(allow_private=True, any_port=True, ignore_robots="test", limits=QUICK)
    with pytest.raises(OSError, match="No space"):
        fetched(serve({"/": html("x")}).url(), fetcher(rules))


def test_the_address_that_answered_is_recorded_for_ipv6_too(tmp_path: Path):
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        listening = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")

    def answer() -> None:
        line, _ = listening.accept()
        with line:
            line.recv(65536)
            line.sendall(page(b"hello"))

    thread = threading.Thread(target=answer)
    thread.start()
    with listening:
        rules = Rules(allow_private=True, any_port=True, ignore_robots="test", limits=QUICK)
        url = f"http://[::1]:{listening.getsockname()[1]}/"
        got, records = fetched(url, fetcher(rules, lambda host, port: [host]))
        thread.join()
    assert of("response", records)[0]["WARC-IP-Address"] == "::1"
    assert got.answers[0]["url"] == url
