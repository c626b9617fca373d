"""The Merkle tree, held against its recursive definition and against published vectors."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.evidence import merkle
from tallystick.evidence.merkle import Step

ENTRIES = st.lists(st.binary(max_size=40), max_size=40)
SOME = st.lists(st.binary(max_size=40), min_size=1, max_size=40)

# The eight entries and roots that implementations of Certificate Transparency test themselves with.
VECTORS = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                            "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def defined(entries: list[bytes]) -> bytes:
    """The tree's hash exactly as RFC 6962 defines it, however slow."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return hashlib.sha256(b"\x01" + defined(entries[:half]) + defined(entries[half:])).digest()


def way(index: int, entries: list[bytes]) -> list[bytes]:
    """The audit path exactly as RFC 6962 defines it."""
    if len(entries) == 1:
        return []
    half = 1
    while half * 2 < len(entries):
        half *= 2
    if index < half:
        return [*way(index, entries[:half]), defined(entries[half:])]
    return [*way(index - half, entries[half:]), defined(entries[:half])]


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_published_entries_have_the_published_roots(size: int) -> None:
    assert merkle.root(VECTORS[:size]).hex() == ROOTS[size]


def test_a_published_way_to_the_root_is_ours() -> None:
    steps = merkle.path(0, VECTORS)
    assert [(side, each.hex()) for side, each in steps] == [
        ("right", "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
        ("right", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
        ("right", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
    ]


@given(ENTRIES)
def test_the_root_is_what_the_definition_says(entries: list[bytes]) -> None:
    assert merkle.root(iter(entries)) == defined(entries)


@given(ENTRIES, st.sets(st.integers(0, 50)))
def test_the_roots_of_what_stood_before_are_found_in_one_pass(entries: list[bytes], sizes: set[int]) -> None:
    there = {size for size in sizes if size <= len(entries)}
    assert merkle.roots(iter(entries), sizes) == {size: defined(entries[:size]) for size in there}


@given(SOME, st.data())
def test_the_way_is_what_the_definition_says_and_leads_to_the_root(
    entries: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    steps = merkle.path(index, entries)
    assert [each.hash for each in steps] == way(index, entries)
    assert tuple(each.side for each in steps) == merkle.sides(index, len(entries))
    assert merkle.belongs(entries[index], index, len(entries), steps, merkle.root(entries))


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True), st.data())
def test_no_other_entry_index_size_or_step_is_proved(entries: list[bytes], data: st.DataObject) -> None:
    size = len(entries)
    index = data.draw(st.integers(0, size - 1))
    steps, top = merkle.path(index, entries), merkle.root(entries)
    other = data.draw(st.binary(max_size=64).filter(lambda each: each != entries[index]))
    assert not merkle.belongs(other, index, size, steps, top)
    elsewhere = data.draw(st.integers(-2, size + 2).filter(lambda each: each != index))
    assert not merkle.belongs(entries[index], elsewhere, size, steps, top)
    assert not merkle.belongs(entries[index], index, index, steps, top)
    if steps:
        at = data.draw(st.integers(0, len(steps) - 1))
        turned = Step("left" if steps[at].side == "right" else "right", steps[at].hash)
        changed = Step(steps[at].side, bytes([steps[at].hash[0] ^ 1]) + steps[at].hash[1:])
        for wrong in (turned, changed):
            assert not merkle.belongs(
                entries[index], index, size, (*steps[:at], wrong, *steps[at + 1 :]), top
            )
        assert not merkle.belongs(entries[index], index, size, steps[:-1], top)
    assert not merkle.belongs(entries[index], index, size, (*steps, Step("left", top)), top)


@given(SOME)
def test_a_node_cannot_pass_for_an_entry(entries: list[bytes]) -> None:
    """The two halves of a tree, joined as one entry, have another root than the tree."""
    half = merkle.root(entries)
    assert merkle.root([half + half]) != merkle.root([*entries, *entries])


@given(ENTRIES, st.binary(max_size=40))
def test_what_is_appended_changes_the_root(entries: list[bytes], more: bytes) -> None:
    assert merkle.root([*entries, more]) != merkle.root(entries)


@pytest.mark.parametrize("index", [-1, 3])
def test_an_entry_that_is_not_there_has_no_way(index: int) -> None:
    with pytest.raises(IndexError, match=f"no entry {index} among 3"):
        merkle.path(index, [b"a", b"b", b"c"])
