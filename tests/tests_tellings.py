"""Accounts told in many ways, for laws of linking."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from tests_build import make_account

from tallystick.model import Account


def varied(n, place, day, kind, killed, by):
    """An account of one of five reports, told in one of many ways."""
    base = make_account(
        f"{n % 5}", place=place, day=day, kind=kind, killed=killed, by=by, published=PUBLISHED[n % 5]
    )
    # Several accounts of one report: each is told by other words.
    span = base.head.span.__class__(base.document, 0, 18 - n // 5, base.span.quote[: 18 - n // 5])
    claims = tuple(replace(claim, telling=span) for claim in base.claims)
    return Account(
        replace(claims[0], span=span), (replace(claims[0], span=span), *claims[1:]), None, base.published
    )


PUBLISHED = ("2016-10-07", "2016-10-08", None, "2016-10-20", "2016-12-24")
tellings = st.tuples(
    st.sampled_from(["Tarsin", "Omrun", "Old Tarsin", "Aleppo", None]),
    st.sampled_from(["2016-10-03", "2016-10-05", "2016-10-06", "2016-10-09", "2016-10-20", None]),
    st.sampled_from(["air_strike", "shelling", "ground_clash", "other", "control"]),
    st.sampled_from([None, (12, 12), (12, None), (11, 11), (2, None), (None, 20), (30, 30)]),
    st.sampled_from([None, "rebels", "Syrian government"]),
)
