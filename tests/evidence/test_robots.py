"""robots.txt as RFC 9309 says: the longest rule, the groups that name us, and nothing that hangs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.evidence.robots import LIMIT, NOTHING, robots


def allowed(text: str, path: str) -> bool:
    return robots(text.encode(), "tallystick").rule(path)[0]


@pytest.mark.parametrize(
    ("text", "path", "may"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /a", "/A", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: *b*d", "/abcd", False),
        ("User-agent: *\nDisallow: /%7Ejoe", "/~joe/x", False),
        ("User-agent: *\nDisallow: /~joe", "/%7ejoe/x", False),
        ("User-agent: *\nDisallow: /ü", "/%C3%BC", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        ("User-agent: *\nDisallow: /?q=", "/?q=1", False),
        ("User-agent: Tallystick/9\nDisallow: /\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\nUser-agent: tallystick\nAllow: /", "/a", True),
        (
            "User-agent: tallystick\nDisallow: /a\n\nUser-agent: x\nAllow: /\nUser-agent: TALLYSTICK\nDisallow: /b",
            "/b",
            False,
        ),
        ("User-agent: x\nSitemap: /s\nUser-agent: tallystick\nDisallow: /", "/a", False),
        ("user-agent : *  # all\n disallow : /a # b", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", "/a", False),
        ("Disallow: /", "/a", True),
        ("User-agent: *\nDisallow /a\nnonsense\n: :\nDisallow: /b", "/b", False),
    ],
)
def test_the_longest_rule_of_the_groups_that_name_us_speaks(text, path, may):
    assert allowed(text, path) is may


def test_the_rule_that_speaks_is_told():
    assert robots(b"User-agent: *\nDisallow: /a", "tallystick").rule("/ab") == (False, "Disallow: /a")


def test_the_delay_is_that_of_our_own_group():
    text = b"User-agent: *\nCrawl-delay: 9\nUser-agent: tallystick\nCrawl-delay: 2.5\nDisallow: /x"
    assert robots(text, "tallystick").delay == 2.5
    assert robots(text, "another").delay == 9
    assert robots(b"User-agent: *\nCrawl-delay: soon", "tallystick").delay is None


def test_what_cannot_be_had_forbids_all():
    assert NOTHING.rule("/") == (False, "Disallow: /")


def test_no_pattern_takes_long():
    text = "User-agent: *\n" + f"Disallow: /{'*a' * 1000}b\n" * 100
    start = time.process_time()
    assert allowed(text, "/" + "a" * 8000)
    assert time.process_time() - start < 2


@given(st.binary(max_size=300), st.text(max_size=30))
def test_whatever_a_site_sends_is_read(content, path):
    robots(content + b"\nUser-agent: *\nDisallow: " + content, "tallystick").rule("/" + path)


def test_no_more_than_the_limit_is_read():
    text = b"User-agent: *\n" + b"#" * LIMIT + b"\nDisallow: /"
    assert robots(text, "tallystick").rule("/a")[0]
