"""Laws of redaction: what was to go stands in no file, under no spelling, and cannot be tried out of an id."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallystick.dossier import NameRule, PlaceRule, Redaction, export, redacted, write
from tallystick.dossier.hiding import Hider, Thing, named
from tallystick.dossier.layout import Layout
from tallystick.dossier.own import own_words
from tallystick.dossier.sweep import checked, search, texts
from tallystick.errors import AskedWrongly, WouldLeak
from tallystick.model import Covers, Event, Made, Record, Telling
from tallystick.values.place import Place
from tallystick.values.places.atlas import Choice, Located
from tallystick.values.places.entries import Entry

ALI = Hider([Thing("[person 1]", "person", ("Ali",))])


def hidden(text: str, *names: str, parts: tuple[str, ...] = ()) -> str:
    return Hider([Thing("[person 1]", "person", names, parts)]).hide(text).text


# ------------------------------------------------------------------------------------ finding words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ali's brother", "[person 1]'s brother"),
        ("pro-Ali, and ALI.", "pro-[person 1], and [person 1]."),
        ("A\u200bl\u200di", "[person 1]"),
        ("A%6ci &#65;li \\u0041li", "[person 1] [person 1] [person 1]"),
        ("A-\n  li went", "[person 1] went"),
        ("Alia, Salim, alibi", "Alia, Salim, alibi"),
        ("Alì", "[person 1]"),
    ],
)
def test_a_name_is_found_as_a_whole_word_however_it_is_written(text: str, told: str) -> None:
    assert ALI.hide(text).text == told


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_name_is_found_in_every_normal_form(form: Any) -> None:
    assert hidden(unicodedata.normalize(form, "Sañna Örlek said"), "Sañna Örlek") == "[person 1] said"


def test_arabic_is_found_with_signs_stretched_and_with_its_particles() -> None:
    assert hidden("قال عَلِيّ وعـلي ولعلي", "علي") == "قال [person 1] و[person 1] ول[person 1]"
    assert hidden("عليهم", "علي") == "عليهم"


def test_cyrillic_is_found_in_its_cases() -> None:
    assert hidden("Петренком і Петренка", "Петренко") == "[person 1] і [person 1]"


def test_a_word_of_a_name_alone_goes_under_a_label_that_tells_nobody() -> None:
    told = hidden("Ada Venn came; Venn left the venn.", "Ada Venn", parts=("ada", "venn"))
    assert told == "[person 1] came; [name] left the [name]."


def test_forms_of_a_name_that_texts_use_go_and_the_sweep_finds_each(builder: Any) -> None:
    forms = [
        "Ada Venn2", "venn@example.org", "https://example.org/venn-arrested", "@adavenn1985", "venn cried", "the Venns",
        "Venn's", "\u0410da V\u0435nn", "V\u0435nn", "Wu wept", "Li left", "ADA VENNS", "adavenn",
    ]  # fmt: skip
    case = builder("One")
    case.report("r", " | ".join(forms) + " | my wu is a list of advents.", "Wire")
    telling = case.account("r", "cried", "shelling")
    case.weigh([telling], [("Wire", [telling])], {})
    done = redacted(case.record(), Redaction((NameRule(("Ada Venn",)), NameRule(("Li Wu",)))))
    [document] = done.record.documents
    assert not {"v\u0435nn", "\u0410da", "Li", "Wu"} & set(re.findall(r"[^\W\d_]+", document.text))
    assert "venn" not in document.text.casefold()
    assert document.text.endswith("| my wu is a list of advents.")
    for form in forms:
        with pytest.raises(WouldLeak):
            search([form], checked(done), (), "a.txt")
    search([document.text], checked(done), (), "a.txt")


@pytest.mark.parametrize("told", ["3ada9f0c", "ada12f00", "90ada", "adaf"])
def test_letters_in_the_midst_of_an_id_are_no_name(told: str) -> None:
    assert hidden(f"doc-{told}", "Ada", parts=("ada",)) == f"doc-{told}"


def test_other_names_that_the_lists_know_for_a_blurred_place_go(builder: Any) -> None:
    case = builder("One")
    case.report("r", "At Solem, that is Sol\u00eame or \u0633\u0644\u0645 or Solem1, shells fell.", "Wire")
    telling = case.account("r", "shells fell", "shelling", None, "Solem")
    case.weigh([telling], [("Wire", [telling])], {})
    record = placed(case.record(), {"Solem": (36.20, 37.10)})
    entry = Entry("7", "Sol\u00eame", names=("\u0633\u0644\u0645",), latitude=36.2, longitude=37.1)
    [account] = record.accounts
    assert account.telling.place is not None
    found = replace(account, found=Located(account.telling.place, (Choice(entry, 1.0, ()),), ()))
    [weighed] = record.weighed
    weighed = replace(weighed, incident=replace(weighed.incident, accounts=(found,)))
    record = replace(record, accounts=(found,), weighed=(weighed,))
    [document] = redacted(record, Redaction(places=(PlaceRule("Solem", 5),))).record.documents
    assert document.text == "At [place 1], that is [place 1] or [place 1] or [place 1]1, shells fell."


@pytest.mark.parametrize("name", ["A.B (C)", "x[a-z]+y", "\\d+ Ali$", "Ali|Baba", "^(a+)+$ Zed"])
def test_a_name_of_signs_that_expressions_use_is_a_name(name: str) -> None:
    assert hidden(f"so said {name} today", name).startswith("so said ")
    assert not Hider([Thing("[person 1]", "person", (name,))]).found(hidden(f"so said {name} today", name))


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=3))
def test_what_was_hidden_is_found_no_more_and_offsets_move_with_the_text(text: str, names: list[str]) -> None:
    names = [name for name in names if named(name)]
    hider = Hider([Thing("[9]", "person", tuple(names))])
    hid = hider.hide(text)
    for edit in hid.edits:
        assert hid.text[edit.new : edit.new_end] == "[9]"
        assert (hid.moved(edit.start), hid.moved(edit.end, end=True)) == (edit.new, edit.new_end)
    assert hid.moved(len(text), end=True) == len(hid.text)
    if "9" not in {word for name in names for word in named(name)}:
        assert "[9]" in hid.text or hid.text == text


# ------------------------------------------------------------------------------------ the record


def as_made(record: Record) -> Record:
    return replace(record, made=Made("t", "r", (), (), (3, "c" * 64), "2020-01-01", Covers("The whole case")))


def files(record: Record, rules: Redaction) -> dict[str, str]:
    """Everything that a redacted dossier and export hold, after the sweep."""
    done = redacted(as_made(record), rules)
    with tempfile.TemporaryDirectory() as folder:
        write(done.record, Path(folder) / "pages", redacted=done)
        export(done.record, Path(folder) / "data", done)
        paths = [path for path in sorted(Path(folder).rglob("*")) if path.is_file()]
        return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def test_a_hidden_name_stands_in_no_file_and_its_label_stands_there(market: Record) -> None:
    told = files(market, Redaction((NameRule(("Harrow Observatory",), "voice"), NameRule(("Ada Venn",)))))
    for name, text in told.items():
        assert "Observatory" not in text, name
        assert "Venn" not in text, name
        assert "Ada" not in text, name
    assert "[voice 1]" in told["data/claims.jsonl"]
    assert "[person 1]" in told["data/documents.jsonl"]
    assert "[voice 1]" in told["pages/redaction.html"]


NAMES = (
    "Sanna Orlek", "Harrow Observatory", "Orvethi air force", "terrorist groups", "police source", "Ada Venn",
    "military source", "State television", "rescue workers", "Valley Wire",
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True), st.booleans())
def test_no_output_holds_any_name_that_was_chosen(market: Record, chosen: list[str], addresses: bool) -> None:
    rules = Redaction(tuple(NameRule((name,), "voice") for name in chosen), addresses=addresses)
    seeker = Hider([Thing("x", "voice", (name,)) for name in chosen])
    for name, text in files(market, rules).items():
        if not name.endswith(".css"):
            for part in texts(text.encode(), name):
                assert seeker.found(part) is None, (name, part[:80])


def test_ids_and_digests_are_no_oracle_for_a_hidden_name(builder: Any) -> None:
    """Two records that differ in the hidden name alone come out the same, byte for byte."""

    def case(name: str) -> Record:
        one = builder("One")
        one.report("r", f"Shells hit Solem, {name} said. Three died.", "Wire", "2019-05-16")
        telling = one.account(
            "r", "Shells hit Solem", "shelling", one.day("2019-05-16"), "Solem", voices=(name,),
            tolls=[("killed", "Three", 3, 3, (name,))],
        )  # fmt: skip
        finding = {"killed": ("single_origin", f"3, by {name}", (3, 3, 3, False))}
        one.weigh([telling], [(name, [telling])], finding)
        return one.record()  # type: ignore[no-any-return]

    rules = (Redaction((NameRule((name,)),)) for name in ("Ada Venn", "Jo Marchetti"))
    first, second = (files(case(rule.names[0].spelt[0]), rule) for rule in rules)
    assert first == second
    assert "withheld-0001" in first["data/documents.jsonl"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["Aab", "Bel", "Mir", "Yul", "Zyz"]), last=st.sampled_from(["Abar", "Kolt", "Zzorn"])
)
def test_no_order_of_ids_tells_a_hidden_name(builder: Any, name: str, last: str) -> None:
    """Claims stand in the order of the text, and lists of their ids in that of the new ids."""

    def case(hidden: str) -> dict[str, str]:
        one = builder("One")
        one.report(
            "r", f"Shells hit Solem, {hidden} said. Three died. Four died. Five died.", "Wire", "2019-05-16"
        )
        telling = one.account(
            "r", "Shells hit Solem", "shelling", one.day("2019-05-16"), "Solem", voices=(hidden,),
            tolls=[("killed", said, n, n, (hidden,)) for said, n in (("Three", 3), ("Four", 4), ("Five", 5))],
        )  # fmt: skip
        one.weigh(
            [telling],
            [(hidden, [telling])],
            {"killed": ("single_origin", f"3, by {hidden}", (3, 5, 5, False))},
        )
        record = one.record()
        finding = record.weighed[0].findings[0]
        finding = replace(finding, claims=tuple(sorted(claim.id for claim in record.claims)))
        weighed = replace(record.weighed[0], findings=(finding, *record.weighed[0].findings[1:]))
        record = replace(
            record, weighed=(weighed,), claims=tuple(sorted(record.claims, key=lambda each: each.id))
        )
        return files(record, Redaction((NameRule((hidden,)),)))

    assert case(f"{name} {last}") == case("Jo Marchetti")


@pytest.mark.parametrize("hidden", ["Aab Abar", "Zyz Zzorn"])
def test_origins_stand_in_the_order_of_their_labels(builder: Any, hidden: str) -> None:
    one = builder("One")
    one.report("r", f"Shells hit Solem, {hidden} said.", "Wire")
    one.report("s", "Shells hit Solem, Mo Kell said.", "Post")
    tellings = {
        hidden: one.account("r", "Shells hit Solem", "shelling", None, "Solem", voices=(hidden,)),
        "Mo Kell": one.account("s", "Shells hit Solem", "shelling", None, "Solem", voices=("Mo Kell",)),
    }
    one.weigh(list(tellings.values()), [(name, [tellings[name]]) for name in sorted(tellings)], {})
    done = redacted(one.record(), Redaction((NameRule((hidden,)),))).record
    assert [origin.name for origin in done.weighed[0].origins] == ["Mo Kell", "[person 1]"]


def test_what_nothing_was_taken_out_of_keeps_its_digest(market: Record) -> None:
    done = redacted(market, Redaction((NameRule(("Ada Venn",)),))).record
    kept = {document.name: document.capture for document in done.documents}
    before = {document.name: document.capture for document in market.documents}
    assert kept.pop("letter").startswith("withheld")
    assert kept == {name: before[name] for name in kept}


def test_every_span_of_a_redacted_record_is_the_words_of_its_report(market: Record) -> None:
    done = redacted(
        market, Redaction((NameRule(("Weavers",)), NameRule(("people",)), NameRule(("on Thursday",))))
    ).record
    there = {document.id: document for document in done.documents}
    for claim in done.claims:
        claim.span.check(there[claim.span.document].text)
    assert len({account.id for account in done.accounts}) == len(market.accounts)
    assert len(done.weighed) == len(market.weighed)


def test_every_string_of_a_record_is_walked(market: Record) -> None:
    done = redacted(market, Redaction((NameRule(("Harrow Observatory",)),))).record

    def strings(value: Any) -> Any:
        if isinstance(value, str):
            yield value
        elif is_dataclass(value):
            for each in fields(value):
                yield from strings(getattr(value, each.name))
        elif isinstance(value, tuple | list):
            for each in value:
                yield from strings(each)

    assert not [text for text in strings(done) if "Observatory" in text]


# ------------------------------------------------------------------------------------ places


def placed(record: Record, at: dict[str, tuple[float, float]]) -> Record:
    """The record with points for its places."""

    def put(claim: Any) -> Any:
        if isinstance(claim.value, Telling) and claim.value.place and claim.value.place.name in at:
            lat, lon = at[claim.value.place.name]
            place = replace(claim.value.place, latitude=lat, longitude=lon, radius_km=2.0, code="list:77123")
            return replace(claim, value=replace(claim.value, place=place)).under(claim.id)
        return claim

    def account(told: Any) -> Any:
        claims = tuple(map(put, told.claims))
        return replace(told, claims=claims, head=claims[told.claims.index(told.head)])

    accounts = {told.id: account(told) for told in record.accounts}
    weighed = tuple(
        replace(w, incident=replace(w.incident, accounts=tuple(accounts[a.id] for a in w.incident.accounts)))
        for w in record.weighed
    )
    return replace(
        record, accounts=tuple(accounts.values()), weighed=weighed, claims=tuple(map(put, record.claims))
    )


def test_a_blurred_place_goes_with_all_that_lies_near(market: Record) -> None:
    at = {"Solem": (36.20, 37.10), "Kelvač": (36.25, 37.12), "Weavers' Market": (39.0, 41.0)}
    record = placed(market, at)
    told = files(record, Redaction(places=(PlaceRule("Solem", 20),)))
    for name, text in told.items():
        assert "Solem" not in text, name
        assert "Kelvač" not in text, name  # 6 km away
        assert "77123" not in text, name
        assert "36.2" not in text.replace("36.20 ", ""), name
    assert "Market" in told["data/accounts.jsonl"]
    done = redacted(record, Redaction(places=(PlaceRule("Solem", 20),))).record
    [place] = [
        a.telling.place for a in done.accounts if a.telling.place and a.telling.place.name == "[place 1]"
    ]
    assert place.radius_km is not None
    assert place.radius_km >= 20


def test_points_in_a_text_go_where_they_lie_within(builder: Any) -> None:
    case = builder("One")
    case.report("r", "At Solem (36.2013, 37.1009) and at 10.5000, 20.5000 shells fell.", "Wire")
    telling = case.account("r", "shells fell", "shelling", None, "Solem")
    case.weigh([telling], [("Wire", [telling])], {})
    record = placed(case.record(), {"Solem": (36.20, 37.10)})
    [document] = redacted(record, Redaction(places=(PlaceRule("Solem", 10),))).record.documents
    assert document.text == "At [place 1] ([point]) and at 10.5000, 20.5000 shells fell."


@pytest.mark.parametrize(
    "told",
    [
        "Lat: 35.8644, Lon: 36.8059", "lat=35.8644&lon=36.8059", "35.8644\n36.8059", "35,8644; 36,8059",
        "35,8644,36,8059", "N 35°51'52\" E 36°48'21\"", "35°51′52″N 36°48′21″E", "35°51.867' N, 36°48.354' E",
        "36.8059, 35.8644", "row 3,35.8644,36.8059", "35.8644%2C%2036.8059", "355152N 0364821E", "35.86N 36.81E",
        "35 51 52 N, 36 48 21 E", "35-51-52N 036-48-21E", "٣٥٫٨٦٤٤ ٣٦٫٨٠٥٩", "latitude is 35.8644 and longitude 36.8059",
        "[36.8059,35.8644],[36.9,35.9]", "35.8644°, 36.8059°", "N35.8644E36.8059",
        "35 51.867N 036 48.354E", "35d51m52s N 36d48m21s E", "35·8644 36·8059", "35\u200b.8644,\u200f 36.8059",
    ],
)  # fmt: skip
def test_a_point_within_goes_however_it_is_written_and_the_sweep_finds_it(builder: Any, told: str) -> None:
    case = builder("One")
    case.report("r", f"At Solem {told} shells fell; 10.5000, 20.5000 is far.", "Wire")
    telling = case.account("r", "shells fell", "shelling", None, "Solem")
    case.weigh([telling], [("Wire", [telling])], {})
    record = placed(case.record(), {"Solem": (35.8644, 36.8059)})
    done = redacted(record, Redaction(places=(PlaceRule("Solem", 5),)))
    [document] = done.record.documents
    assert "[point]" in document.text
    assert not {"8644", "8059", "51", "48", "٨٦٤٤", "86N", "81E"} & set(
        re.split(r"[\W_]|(?<=\d)(?=[NE])", document.text)
    )
    assert "10.5000, 20.5000 is far" in document.text
    with pytest.raises(WouldLeak, match=r"\[point\]"):
        search(texts(told.encode(), "a.txt"), checked(done), (), "a.txt")
    search([document.text], checked(done), (), "a.txt")


# ------------------------------------------------------------------------------------ sources and files


def test_a_withheld_source_that_counts_leaves_its_figures_and_no_words(market: Record) -> None:
    told = files(
        market, Redaction(sources=("Tern Coast Times",), count_withheld=True, files=True, addresses=True)
    )
    for name, text in told.items():
        assert "Tern Coast" not in text, name
        assert "Bombs fall" not in text, name
        assert "times-1" not in text, name
        assert "wire-1" not in text, name
    assert "[source 1]" in told["data/documents.jsonl"]
    claims = [json.loads(line) for line in told["data/claims.jsonl"].splitlines()]
    bare = [claim for claim in claims if claim["quote"] == "[words withheld]"]
    assert {(c["value"]["low"], c["value"]["group"]) for c in bare if c["value"]["kind"] == "killed"} == {
        (11, "people"), (4, "children"),
    }  # fmt: skip


def test_neither_file_nor_host_nor_short_title_tells_a_withheld_source_that_counts(builder: Any) -> None:
    case = builder("One")
    case.report(
        "tern-1",
        "Shells fell. Three died.",
        "Coast News",
        url="https://www.tern.example/a/1",
        title="Bloody Solem",
    )
    case.report(
        "wire-1", "See tern.example, http://m.tern.example/b?c=2 and desk@tern.example; “Bloody Solem”, they wrote; "
        "tern.example.org is another.", "Wire", url="https://wire.example/x",
    )  # fmt: skip
    telling = case.account("tern-1", "Shells fell", "shelling")
    case.weigh([telling], [("Coast News", [telling])], {})
    record = case.record()
    capture = next(d.capture for d in record.documents if d.name == "tern-1")
    origins = tuple(
        replace(c, origin="in/tern-leaked.txt") if c.id == capture else c for c in record.captures
    )
    refused = Event(
        "refused", "in/tern-leaked.txt", "t", "2020-01-01T00:00:00Z", "in/tern-leaked.txt: not whole"
    )
    record = replace(record, captures=origins, refusals=(refused,))
    assert "in/tern-leaked.txt" in {c.origin for c in record.captures}
    rules = Redaction(sources=("Coast News",), count_withheld=True)
    for name, text in files(record, rules).items():
        assert "tern-leaked" not in text, name
        assert not re.search(r"tern\.example(?!\.org)", text), name
        assert "Bloody" not in text, name
    done = redacted(record, rules)
    other = next(d for d in done.record.documents if d.name == "wire-1")
    assert other.text == (
        "See [address], [address] and [address]; “[title withheld]”, they wrote; tern.example.org is another."
    )
    assert other.url == "https://wire.example/x"
    with pytest.raises(WouldLeak, match=r"\[address\]"):
        search(["see tern.example/z"], checked(done), (), "a.txt")


def test_addresses_go_from_texts_and_fields(builder: Any) -> None:
    case = builder("One")
    case.report("r", "Shells fell, see https://example.org/a?b=1 now.", "Wire", url="https://example.org/x")
    telling = case.account("r", "Shells fell", "shelling")
    case.weigh([telling], [("Wire", [telling])], {})
    for name, text in files(case.record(), Redaction(addresses=True)).items():
        assert "example.org" not in text, name


# ------------------------------------------------------------------------------------ the sweep


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<p>so said <mark>Ada</mark> V<b>enn</b>.</p>"),
        ("a.html", b'<a title="Ada&#32;Venn">x</a>'),
        ("a.html", b"<!-- Ada Venn -->"),
        ("a.html", b"<svg><title>Ada Venn</title></svg>"),
        ("a.jsonl", b'{"quote":"Ada\\u0020Venn"}\n'),
        ("a.txt", b"Ada\r\nVenn"),
    ],
)
def test_the_sweep_finds_a_name_wherever_it_hides_and_does_not_say_it(
    market: Record, name: str, data: bytes
) -> None:
    done = redacted(market, Redaction((NameRule(("Ada Venn",)),)))
    with pytest.raises(WouldLeak, match=r"\[person 1\]") as raised:
        search(texts(data, name), checked(done), (), name)
    assert "Venn" not in str(raised.value)


def test_a_leak_leaves_no_folder_behind(market: Record, tmp_path: Path) -> None:
    done = redacted(market, Redaction((NameRule(("Ada Venn",)),)))
    with pytest.raises(WouldLeak):
        write(market, tmp_path / "out", redacted=done)  # the record that was not redacted
    assert not list(tmp_path.iterdir())


def test_cells_of_a_table_are_not_read_together() -> None:
    hider = Hider([Thing("x", "person", ("Ada Venn",))])
    search(texts(b"<td>Ada</td><td>Venn</td>", "a.html"), hider, (), "a.html")


def test_our_own_words_are_told_from_a_leak() -> None:
    assert {"killed", "map", "october"} <= own_words()
    assert "venn" not in own_words()


# ------------------------------------------------------------------------------------ the rules


def test_rules_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(
        'sources = ["Wire"]\nfiles = true\n[[name]]\nspelt = ["Ada Venn", "آدا فين"]\n'
        '[[place]]\nname = "Solem"\nkm = 20\n',
        encoding="utf-8",
    )
    told = Redaction((NameRule(("Ada Venn", "آدا فين")),), (PlaceRule("Solem", 20.0),), ("Wire",), files=True)
    assert Redaction.read(file) == told


@pytest.mark.parametrize(
    "text",
    ["names = 3", "[[name]]\nspelt = []", "[[name]]\nspelt = ['x']", "[[place]]\nname = 'A'", "files = 1", "= ",
     "[[place]]\nname = 'A'\nkm = 0", "[[name]]\nspelt = ['Ada']\nsort = 'cat'", "name = 'Ada'", "sources = 'a'"],
)  # fmt: skip
def test_rules_that_cannot_be_meant_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AskedWrongly, match=r"rules\.toml"):
        Redaction.read(file)


def test_one_record_redacted_twice_is_one(market: Record) -> None:
    rules = Redaction(
        (NameRule(("Ada Venn",)), NameRule(("Orvethi air force",), "party")), (PlaceRule("Solem", 5),)
    )
    assert files(market, rules) == files(market, rules)
    assert (
        Layout(redacted(market, rules).record).fingerprint
        == Layout(redacted(market, rules).record).fingerprint
    )


def test_a_place_without_a_point_loses_its_name_alone(market: Record) -> None:
    done = redacted(market, Redaction(places=(PlaceRule("Solem", 5),))).record
    [place] = [a.telling.place for a in done.accounts if a.telling.place and "[place" in a.telling.place.name]
    assert place == Place("[place 1]", None, None, None)
