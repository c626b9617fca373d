"""Page furniture goes, line by line; words of the report stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.evidence.furniture import strip

FURNITURE = [
    "Skip to main content",
    "Read more",
    "  READ MORE »",
    "[Read more…]",
    "Advertisement",
    "Story continues below advertisement",
    "Share this article",
    "Share on Facebook",
    "Facebook | Twitter | WhatsApp",
    "• Copy link",
    "Related articles",
    "Related Stories:",
    "Editor’s picks",
    "You may also like",
    "Most read",
    "Sign up for our newsletter",
    "Sign up to our daily newsletter for the latest",
    "Get the day’s news delivered to your inbox",
    "Subscribe",
    "Follow us on Twitter and Facebook",
    "We use cookies to improve your visit. Read our policy.",
    "By continuing to use this site you accept our use of cookies.",
    "Accept all cookies",
    "Privacy Policy",
    "Back to top",
    "12 comments",
    "3 min read",
]
TEASERS = [
    "OPINION: The war that nobody ends",
    "READ MORE: How the siege began",
    "WATCH: Life under the shells",
    "RELATED: Six things to know",
    "READ: Who holds what?",
    "SEE ALSO: The ministry's answer",
]
WORDS = [
    "Two people were killed in Velin.",
    "Read more than one account before judging.",
    "Read more carefully, said the judge, and you will find three tolls.",
    "Advertisements were burnt in the square.",
    "Related articles of the convention forbid it, the court said.",
    "Share this water, the elders said, with all.",
    "UPDATE: The toll has risen to eleven.",
    "BREAKING: Shells strike market",
    "WARNING: mines",
    "Officials: two killed",
    "UN: 300 left the town",
    "Watch: the men kept it all night.",
    "The ministry said: follow us on the road to peace.",
    "Skip to main content was his whole answer.",
    "Comments by the minister",
    "Subscribe to a truce, the envoy begged both sides.",
    "Source: Ridge Post, agencies",
    "— — —",
    "50 commanders",
    "Most read the leaflet and left the town.",
    "Telegram",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_a_line_of_furniture_goes_wherever_it_stands(line: str) -> None:
    assert strip(line) == ""
    assert strip(f"{line}\nTwo fell.\n{line}\nThree fell.\n{line}") == "Two fell.\nThree fell."


@pytest.mark.parametrize("line", TEASERS)
def test_a_teaser_goes_within_a_report_and_stays_at_its_head(line: str) -> None:
    assert strip(f"Two fell.\n{line}\nThree fell.") == "Two fell.\nThree fell."
    assert strip(f"\n{line}\nTwo fell.") == f"{line}\nTwo fell."


@pytest.mark.parametrize("line", WORDS)
def test_words_of_a_report_stay(line: str) -> None:
    assert strip(line) == line
    assert strip(f"Two fell.\n{line}\nThree fell.") == f"Two fell.\n{line}\nThree fell."


def test_furniture_within_a_sentence_stays() -> None:
    for line in FURNITURE:
        words = f"The page said “{line.strip()}” while the shells fell on the market."
        assert strip(words) == words


def test_a_line_too_long_for_a_teaser_or_a_notice_stays() -> None:
    for line in (
        "READ MORE: " + "They fled the shells. " * 12,
        "We use cookies, " + "said the cook of the camp, " * 20,
    ):
        assert strip(f"Two fell.\n{line}") == f"Two fell.\n{line}"


def test_three_blank_lines_become_one_and_two_stay() -> None:
    assert strip("\n\na\n\nb\n\n\nc\n\n\n\nd\n \n\t\n\n\ne\n\n") == "a\n\nb\n\n\nc\n\nd\n \ne"


def lines(text: str) -> list[str]:
    return text.split("\n")


texts = st.lists(st.sampled_from([*FURNITURE, *TEASERS, *WORDS, "", " ", "\t"]), max_size=30).map("\n".join)


@given(texts | st.text(max_size=300))
def test_stripping_twice_changes_nothing_more(text: str) -> None:
    assert strip(strip(text)) == strip(text)


@given(texts | st.text(max_size=300))
def test_every_line_left_is_a_line_of_the_text_in_order(text: str) -> None:
    rest = iter(lines(text))
    if text:
        assert all(line in rest for line in lines(strip(text)) if strip(text))


@given(texts)
def test_every_line_that_is_no_furniture_is_left(text: str) -> None:
    left = [line for line in lines(strip(text)) if line in WORDS]
    assert left == [line for line in lines(text) if line in WORDS]


@given(st.lists(st.sampled_from([*WORDS, ""]), max_size=20))
def test_a_text_without_furniture_keeps_all_but_outer_blank_lines(given_lines: list[str]) -> None:
    text = "\n".join(given_lines)
    if "\n\n\n\n" not in text.strip("\n"):
        assert strip(text) == text.strip("\n")


def test_a_line_made_to_be_slow_is_not() -> None:
    for line in (
        "share " * 70,
        "facebook " * 45 + "!",
        "by using " + "cookie " * 60,
        "get " + "to " * 130,
        "read more " * 44,
    ):
        assert strip(f"Two fell.\n{line}") is not None
