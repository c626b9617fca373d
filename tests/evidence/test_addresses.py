"""Which addresses may be asked: one spelling of each URL, and no machine that is not on the public network."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import NotFetched
from tallystick.evidence.addresses import redirected, refusal, target


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://example.org", "http://example.org/"),
        ("HTTPS://Example.ORG:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org?x", "http://example.org/?x"),
        ("http://example.org./a", "http://example.org/a"),
        (
            "https://bücher.example/ü b?q=„x“",
            "https://xn--bcher-kva.example/%C3%BC%20b?q=%E2%80%9Ex%E2%80%9C",
        ),
        ("https://حلب.example/", "https://xn--ngbj3e.example/"),
        ("https://example.org/%0d%0aX:%20y", "https://example.org/%0d%0aX:%20y"),
        ("http://[2606:2800:220:1::1]/", "http://[2606:2800:220:1::1]/"),
        ("  http://example.org/a  ", "http://example.org/a"),
        ("http://example.org/a/../b//c", "http://example.org/a/../b//c"),
    ],
)
def test_a_url_is_sent_in_one_spelling(url, sent):
    assert target(url).url == sent


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "nothing else is fetched"),
        ("ftp://example.org/", "nothing else is fetched"),
        ("gopher://example.org/", "nothing else is fetched"),
        ("javascript:alert(1)", "nothing else is fetched"),
        ("data:text/html,x", "nothing else is fetched"),
        ("//example.org/", "nothing else is fetched"),
        ("example.org/a", "nothing else is fetched"),
        ("", "nothing else is fetched"),
        ("http:/example.org", "names no host"),
        ("http:///a", "names no host"),
        ("http://user@example.org/", "user name or a password"),
        ("http://user:secret@example.org/", "user name or a password"),
        ("http://example.org@127.0.0.1/", "user name or a password"),
        ("http://example.org\\@127.0.0.1/", "user name or a password"),
        ("http://example.org\\.evil.example/", "backslash"),
        ("http://example.org:8080/", "--any-port"),
        ("http://example.org:22/", "--any-port"),
        ("http://example.org:0/", "no port"),
        ("http://example.org:99999999999999/", "no port"),
        ("http://example.org:8o/", "no host, nor host:port"),
        ("http://example.org/\r\nX-Injected: 1", "U\\+000D"),
        ("http://example.org/\nHost: other", "U\\+000A"),
        ("http://exam\tple.org/", "U\\+0009"),
        ("http://example.org/\x00", "U\\+0000"),
        ("http://example.org/\udcff", "U\\+DCFF"),
        ("http://0x7f.1/", "four plain numbers"),
        ("http://2130706433/", "four plain numbers"),
        ("http://017700000001/", "four plain numbers"),
        ("http://0177.0.0.1/", "four plain numbers"),
        ("http://127.1/", "four plain numbers"),
        ("http://127.0.0.0x1/", "four plain numbers"),
        ("http://256.1.1.1/", "four plain numbers"),
        ("http://127。0。1/", "four plain numbers"),
        ("http://１２７.１/", "four plain numbers"),
        ("http://[::1%25eth0]/", "no IPv6 address"),
        ("http://[::1", "no host, nor host:port"),
        ("http://[127.0.0.1]/", "no IPv6 address"),
        ("http://::1/", "no host, nor host:port"),
        ("http://straße.example/", "xn-- form"),
        ("http://a\u200db.example/", "xn-- form"),
        ("http://\u2100.example/", "is no name of a host"),
        ("http://a b.example/", "is no name of a host"),
        ("http://a..example/", "is no name of a host"),
        ("http://.example/", "is no name of a host"),
        (f"http://{'a' * 64}.example/", "is no name of a host"),
        ("http://a%2eexample/", "is no name of a host"),
        ("http://example.org/" + "a" * 9000, "8,192"),
    ],
)
def test_a_url_that_may_be_read_in_two_ways_is_refused(url, why):
    with pytest.raises(NotFetched, match=why):
        target(url)


def test_a_password_is_not_repeated_in_the_refusal():
    with pytest.raises(NotFetched) as refused:
        target("http://user:secret@example.org/")
    assert "secret" not in str(refused.value)


def test_another_port_is_asked_only_when_told_to():
    assert target("http://example.org:8080/", any_port=True).authority == "example.org:8080"


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_sent_is_one_line_of_ascii_and_reads_back_as_itself(path, host):
    for url in (f"https://example.org/{path}", f"https://{host}.example/", f"https://{host}/{path}"):
        try:
            found = target(url)
        except NotFetched:
            continue
        assert re.fullmatch(r"[!-~]+", found.url)
        assert target(found.url) == found


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("/b", "https://example.org/b"),
        ("c", "https://example.org/a/c"),
        ("//other.example/d", "https://other.example/d"),
        ("http://other.example", "http://other.example/"),
        ("?q", "https://example.org/a/b?q"),
        ("/ü b", "https://example.org/%C3%BC%20b"),
    ],
)
def test_a_redirect_is_read_like_a_link(location, leads):
    assert redirected(target("https://example.org/a/b"), location).url == leads


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "http://u@x.example/",
        "http://2130706433/",
        "/a\x00b",
        "http://[/",
        "http://x:22/",
    ],
)
def test_a_redirect_is_judged_like_the_url_asked_for(location):
    with pytest.raises(NotFetched):
        redirected(target("https://example.org/"), location)


# ------------------------------------------------------------------- addresses of machines

OPENED = (
    "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "198.18.0.1", "::1", "fc00::1", "fd12:3456::1",
)  # fmt: skip
SHUT = (
    "0.0.0.0",  # noqa: S104 (an address to refuse, nothing is bound to it)
    "0.1.2.3", "169.254.169.254", "169.254.0.1", "192.0.0.192", "192.0.2.1", "198.51.100.1",
    "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "100.100.100.200", "::", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:7f00:1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:4136:e378::1", "2001:db8::1", "3fff::1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "5f00::1", "4000::1", "fd00:ec2::254",
    "fd20:ce::254", "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1", "localhost", "", "127.1",
)  # fmt: skip


@pytest.mark.parametrize("address", OPENED)
def test_a_private_address_is_opened_only_when_told_to(address):
    assert refusal(address)
    assert refusal(address, allow_private=True) is None


@pytest.mark.parametrize("address", SHUT)
def test_an_address_that_no_archive_has_is_never_opened(address):
    assert refusal(address)
    assert refusal(address, allow_private=True)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2001:4860:4860::8888"]
)
def test_a_public_address_is_asked(address):
    assert refusal(address) is None


@given(
    st.one_of(
        st.integers(0, 2**32 - 1).map(IPv4Address),
        st.integers(0, 2**128 - 1).map(IPv6Address),
        st.integers(2**125, 2**126 - 1).map(IPv6Address),
        st.integers(0, 2**33).map(IPv6Address),
    )
)
def test_what_is_asked_is_public_by_the_standard_library_too(address):
    if refusal(str(address)) is None:
        assert ip_address(str(address)).is_global
        assert not address.is_multicast
