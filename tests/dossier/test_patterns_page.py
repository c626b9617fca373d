"""Laws of the page of patterns: each number leads to a list of that many incidents, each sentence to its words."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tallystick.dossier import write
from tallystick.findings import alleged, patterns
from tallystick.model import Record

DAYS = ("2019-05-03", "2019-05-04", "2019-05-12", "2019-05-20")
EVIL = "<script>alert(1)</script>\u202e"


def struck_case(builder: Any, place: str = "Solem", voice: str = "Harrow Observatory", n: int = 4) -> Record:
    """A hospital that one party is said to hit on four days, and other ground once; another hits none."""
    case = builder("Patterns")
    tellings = []
    for at, day in enumerate(DAYS[:n]):
        text = f"An air strike hit the Old Mill hospital in {place}. The army did it."
        case.report(f"hit-{at}", text, f"Paper {at}", day)
        role = ("Orvethi army", "perpetrator", "alleged", "The army did it", (voice,))
        words = f"An air strike hit the Old Mill hospital in {place}"
        tellings.append(
            case.account(
                f"hit-{at}", words, "air_strike", builder.day(day), place, voices=(voice,), roles=[role]
            )
        )
    case.report("beside", "An air strike hit the town of Solem. The army did it.", "Paper", "2019-05-25")
    role = ("Orvethi army", "perpetrator", "alleged", "The army did it", ())
    words = "An air strike hit the town of Solem"
    tellings.append(
        case.account("beside", words, "air_strike", builder.day("2019-05-25"), place, roles=[role])
    )  # fmt: skip
    for at in range(5):
        case.report(f"not-{at}", "Shells hit the town of Kelvač. It was rebels.", "Other", "2019-05-08")
        role = ("Harrow Front", "perpetrator", "alleged", "It was rebels", ())
        tellings.append(
            case.account(
                f"not-{at}", "Shells hit the town of Kelvač", "shelling", builder.day("2019-05-08"), "Kelvač",
                roles=[role],
            )
        )  # fmt: skip
    for telling in tellings:
        case.weigh([telling], [(voice, [telling])], {"date": ("single_origin", "a day")})
    record = case.record()
    found = patterns(record.weighed)
    return replace(record, patterns=found, alleged=alleged(record.weighed, found.struck))


@pytest.fixture(scope="module")
def folder(builder: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("patterns") / "dossier"
    write(struck_case(builder), place)
    return place


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "patterns.html").read_text(encoding="utf-8")


def lists(page: str) -> dict[str, list[str]]:
    """The incidents behind each number, by the anchor it leads to."""
    parts = re.findall(r'<section id="(list-[0-9a-f]+)".*?</section>', page, re.S)
    bodies = re.findall(r'<section id="list-[0-9a-f]+".*?</section>', page, re.S)
    return {
        name: re.findall(r'href="(incidents/[^"]+)"', body) for name, body in zip(parts, bodies, strict=True)
    }


def test_every_number_leads_to_a_list_of_that_many_incidents(page: str, folder: Path) -> None:
    held = lists(page)
    numbers = re.findall(r'<a href="#(list-[0-9a-f]+)">([\d,]+)</a>', page)
    assert len(numbers) > 20
    for name, number in numbers:
        assert len(set(held[name])) == int(number.replace(",", ""))
    assert {name for name, _ in numbers} == set(held)
    for hrefs in held.values():
        assert all((folder / href).is_file() for href in hrefs)


def test_a_count_stands_beside_the_others_with_its_interval_and_its_odds(page: str) -> None:
    row = next(r for r in re.findall(r"<tr>.*?</tr>", page, re.S) if "Orvethi army</bdi>" in r)
    plain = " ".join(re.sub(r"<[^>]+>", " ", row).split())
    assert re.match(r"Orvethi army pat-[0-9a-f]{24} 4 of 5 0 of 5 at least", plain)
    assert "all on the word of the Harrow Observatory" in plain
    assert (
        'aria-label="4 of 5: 80 %, between 38 % and 96 %; others: 0 of 5: 0 %, between 0 % and 43 %"' in row
    )


def test_whiskers_hold_their_dot(page: str) -> None:
    drawn = re.findall(
        r'<path class="reach" d="M([\d.]+) .*? H([\d.]+) .*?"/>\s*<circle class="dot \w+" cx="([\d.]+)"',
        page,
        re.S,
    )
    assert len(drawn) >= 8
    for low, high, dot in drawn:
        assert 0 <= float(low) <= float(dot) <= float(high) <= 180


def test_every_sentence_and_row_leads_to_words_that_are_there(page: str, folder: Path) -> None:
    refs = re.findall(r'<a class="ref" href="([^"#]+)#([^"]+)"', page)
    assert refs
    for path, claim in refs:
        assert f'id="{claim}"' in (folder / path).read_text(encoding="utf-8")
    for sentence in re.findall(r'<li class="passage">.*?</li>', page, re.S):
        assert 'class="ref"' in sentence


def test_second_strikes_are_told_and_named(page: str) -> None:
    plain = " ".join(re.sub(r"<[^>]+>", "", page.partition('id="again-h"')[2]).split())
    assert "A second strike told within 1 day (Solem), “Old Mill hospital”" in plain
    assert "whether it was one and the same is not told" not in plain


def test_an_incident_shows_the_articles_it_may_be_read_under_as_alleged(folder: Path, page: str) -> None:
    hospital = next(hrefs for hrefs in lists(page).values() if len(hrefs) == 4)[0]
    text = (folder / hospital).read_text(encoding="utf-8")
    assert "Alleged, as an aid to reading" in text
    assert "Article 8(2)(e)(iv), attacks on hospitals, schools and the like (alleged)" in text
    assert "To be established:" in text
    untagged = [
        p for p in (folder / "incidents").iterdir() if "Alleged, as an aid" not in p.read_text("utf-8")
    ]
    assert len(untagged) == 6


def test_hostile_text_is_inert_here_too(builder: Any, tmp_path: Path) -> None:
    write(struck_case(builder, place=EVIL, voice=EVIL), tmp_path / "d")
    text = (tmp_path / "d" / "patterns.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;" in text


def test_the_same_record_gives_the_same_page(builder: Any, tmp_path: Path, page: str) -> None:
    write(struck_case(builder), tmp_path / "d")
    assert (tmp_path / "d" / "patterns.html").read_text(encoding="utf-8") == page


def test_below_the_least_number_the_page_says_so(builder: Any, tmp_path: Path) -> None:
    write(struck_case(builder, n=2), tmp_path / "d")
    text = (tmp_path / "d" / "patterns.html").read_text(encoding="utf-8")
    assert "No group of incidents reaches 3 with such an object hit." in text
    assert "<table" not in text
    assert "Said to have been hit in 2 incidents" in text


def test_the_front_leads_to_the_page_only_where_there_is_one(
    builder: Any, folder: Path, tmp_path: Path
) -> None:
    assert 'href="patterns.html"' in (folder / "index.html").read_text(encoding="utf-8")
    write(builder("Empty").record(), tmp_path / "d")
    assert 'href="patterns.html"' not in (tmp_path / "d" / "index.html").read_text(encoding="utf-8")
    assert not (tmp_path / "d" / "patterns.html").exists()
