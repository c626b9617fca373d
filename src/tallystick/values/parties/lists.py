"""Lists of parties as others publish them, read row by row into ``Entry``: never repaired.

=============  ======================================================================================
``ucdp``       the UCDP Actor Dataset (CSV): ``ActorId, NameData, NameOrig …``
``actors``     an actor dictionary of TABARI, PETRARCH or Phoenix, or an Arabic one of that form (text)
``agents``     an agent dictionary of that family, PLOVER's too: words for sorts of people (text)
``nations``    NGEC's table of countries and nationalities (CSV): ``CCA2, Name, CCA3, Nationality``
``ftm``        FollowTheMoney entities, one JSON object a line
``own``        a case's own list (CSV): ``name``, and any of ``names, sort, countries, ties, over time, described,
               source, code``, written as in ``parties.tsv``
=============  ======================================================================================

What a row lacks stays unknown; a row that cannot be read is ``Refused`` with its number and why.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tallystick.values.names import country_codes
from tallystick.values.parties.base import Entry, Name, Tie, Years, entry
from tallystick.values.places.gazetteer import Refused

Rows = Iterator[Entry | Refused]
_Numbered = Iterator[tuple[int, Entry | Refused]]  # with the row that each begins at
LONGEST = 1_000_000  # signs of one line; the longest row of any known list has some 3,000
_MARKS = {chr(n) for n in (0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}

# ISO 3166-1: three letters to two, for the countries that ``names.countries`` knows by two.
_ISO3 = dict(re.findall(r"(\w+):(\w+)", (
    "AFG:AF ALB:AL DZA:DZ AGO:AO ARG:AR ARM:AM AUS:AU AUT:AT AZE:AZ BHR:BH BGD:BD BLR:BY BEL:BE BEN:BJ BOL:BO BIH:BA BWA:BW BRA:BR "
    "BGR:BG BFA:BF BDI:BI KHM:KH CMR:CM CAN:CA CAF:CF TCD:TD CHL:CL CHN:CN COL:CO COG:CG CRI:CR HRV:HR CUB:CU CYP:CY CZE:CZ DNK:DK "
    "DJI:DJ DOM:DO ECU:EC EGY:EG SLV:SV ERI:ER EST:EE ETH:ET FIN:FI FRA:FR GAB:GA GMB:GM GEO:GE DEU:DE GHA:GH GRC:GR GTM:GT GIN:GN "
    "HTI:HT HND:HN HUN:HU ISL:IS IND:IN IDN:ID IRN:IR IRQ:IQ IRL:IE ISR:IL ITA:IT CIV:CI JAM:JM JPN:JP JOR:JO KAZ:KZ KEN:KE XKX:XK "
    "KWT:KW KGZ:KG LAO:LA LVA:LV LBN:LB LBR:LR LBY:LY LTU:LT MDG:MG MWI:MW MYS:MY MLI:ML MRT:MR MEX:MX MDA:MD MNG:MN MNE:ME MAR:MA "
    "MOZ:MZ MMR:MM NAM:NA NPL:NP NLD:NL NZL:NZ NIC:NI NER:NE NGA:NG PRK:KP MKD:MK NOR:NO OMN:OM PAK:PK PSE:PS PAN:PA PRY:PY PER:PE "
    "PHL:PH POL:PL PRT:PT QAT:QA ROU:RO ROM:RO RUS:RU RWA:RW SAU:SA SEN:SN SRB:RS SLE:SL SGP:SG SVK:SK SVN:SI SOM:SO ZAF:ZA KOR:KR "
    "SSD:SS ESP:ES LKA:LK SDN:SD SWE:SE CHE:CH SYR:SY TWN:TW TJK:TJ TZA:TZ THA:TH TGO:TG TUN:TN TUR:TR TKM:TM UGA:UG UKR:UA ARE:AE "
    "GBR:GB USA:US URY:UY UZB:UZ VEN:VE VNM:VN YEM:YE ZMB:ZM ZWE:ZW"
)))  # fmt: skip
# What the codes of CAMEO and PLOVER say of a party, the first that is found.
_ROLES = (
    ("REB", "armed group"), ("INS", "armed group"), ("UAF", "armed group"), ("SEP", "armed group"), ("MIL", "army"), ("GOV", "government"), ("SPY", "office"),
    ("COP", "office"), ("JUD", "court"), ("LEG", "office"), ("PTY", "party"), ("OPP", "party"), ("MED", "medium"), ("HRI", "monitor"), ("IGO", "body"), ("IMG", "armed group"),
    ("NGO", "agency"), ("NGM", "agency"), ("HLH", "agency"),
)  # fmt: skip
_CODES = re.compile(r"\[([^\[\]]*)\]")  # within none that is open, or a line of brackets takes for ever
_CODE = re.compile(r"^~?([A-Z0-9]*)")
_TIMES = re.compile(r"([<>])?\s*(\d{6,8})(?:\s*-\s*(\d{6,8}))?")


class UnknownList(ValueError):
    """A file that is none of the lists of parties that can be read."""


def read(path: Path) -> Rows:
    """The rows of the list at ``path``, whose form is told by what it holds.

    Raises ``UnknownList`` where it is none of them, ``OSError`` where it cannot be opened.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.read(4096)
    first = head.partition("\n")[0]
    columns = {column.strip().strip('"').lower() for column in first.split(",")}
    if {"actorid", "namedata"} <= columns:
        return ucdp(path)
    if {"cca3", "nationality"} <= columns:
        return nations(path)
    if "name" in columns:
        return own(path)
    if head.lstrip().startswith("{"):
        return ftm(path)
    rows = [line for line in head.splitlines() if line.strip() and line[0] not in "#;"]
    if any(line[0] == "<" for line in rows):
        rows = []
    if any("[~" in line for line in rows):
        return agents(path)
    if any(_CODES.search(line) for line in rows) or (rows and "actor" in path.name):
        return actors(path)
    raise UnknownList(
        f"{path} begins with {first[:60]!r}: that is no UCDP Actor Dataset (ActorId, NameData), no actor or agent dictionary "
        f'([CODE]), no FollowTheMoney ({{"schema": …}}) and no own list (a column "name")'
    )


def _sifted(rows: Iterable[tuple[int, Entry | Refused]]) -> Rows:
    """``rows`` with those refused that cannot be right: a name that is empty or holds unseen marks, an id told before."""
    codes: set[str] = set()
    for number, row in rows:
        if isinstance(row, Refused):
            yield row
            continue
        told = "".join(name.text for name in row.every)
        marks = sorted({f"U+{ord(sign):04X}" for sign in told if sign in _MARKS})
        why = (
            "it has no name" if not row.name.strip()
            else f"a name holds marks that cannot be seen ({', '.join(marks)}): take them out" if marks
            else f"its id {row.code} is given to a row before it" if row.code in codes
            else None
        )  # fmt: skip
        if why:
            yield Refused(row.list, number, row.name, why)
            continue
        codes.add(row.code)
        yield row


def _lines(path: Path) -> Iterator[tuple[int, str | Refused]]:
    """The lines of a text with their numbers; one longer than ``LONGEST`` is refused, and never held."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        row = 0
        while line := file.readline(LONGEST + 1):
            row += 1
            if len(line) <= LONGEST:
                yield row, line.rstrip("\r\n")
                continue
            name = line[:40]
            while line and not line.endswith("\n"):
                line = file.readline(LONGEST)
            yield row, Refused(path.name, row, name, f"its line is longer than {LONGEST:,} signs")


def _table(path: Path) -> Iterator[tuple[int, dict[str, str] | Refused]]:
    """The records of a CSV under the small letters of its head, with their numbers."""
    held: list[Refused] = []

    def fit() -> Iterator[str]:
        for _, line in _lines(path):
            if isinstance(line, Refused):
                held.append(line)
                continue
            yield line + "\n"

    reader = csv.reader(fit())
    head: list[str] | None = None
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield row, Refused(path.name, row, "", f"it is no row of a CSV: {error}")
            continue
        if head is None:
            head = [cell.strip().lower() for cell in cells]
        elif len(cells) > len(head):
            yield row, Refused(path.name, row, cells[0][:40], "it has more columns than its head")
        elif cells:
            yield row, {key: cell.strip() for key, cell in zip(head, cells, strict=False)}
    yield from ((each.row, each) for each in held)


def ucdp(path: Path) -> Rows:
    """The UCDP Actor Dataset: https://ucdp.uu.se/downloads (CC BY 4.0). Its names have no years."""
    return _sifted(_ucdp(path))


def _ucdp(path: Path) -> _Numbered:
    for row, cells in _table(path):
        if isinstance(cells, Refused):
            yield row, cells
            continue
        code, name = cells.get("actorid", ""), cells.get("namedata", "")
        if not code.isdigit():
            yield row, Refused(path.name, row, name, f"its ActorId is {code!r}, no number")
            continue
        others = [cells.get(column, "") for column in ("nameorig", "nameorigfull", "nameorigfulleng")]
        if name.startswith("Government of "):
            others.append(re.sub(r" \(.*\)$", "", name))
        elif cells.get("newname"):
            others += [
                cells["newname"],
                cells.get("newnamefullmothertongue", ""),
                cells.get("newnamefulleng", ""),
            ]
        told = [
            each
            for each in dict.fromkeys(others)
            if each and each.lower() not in ("n/a", "na", "0") and each != name
        ]
        ties = [Tie("split from", each) for each in _told(cells, "splinter", "nameprev")]
        ties += [Tie("part of", each) for each in _told(cells, "joingroup", "groupname")]
        ties += [Tie("allied with", each) for each in _told(cells, "alliance", "namealliance")]
        sort = "government" if name.startswith("Government of ") else "armed group"
        places = tuple(
            re.sub(r" \(.*?\)", "", each).strip()
            for each in cells.get("location", "").split(",")
            if each.strip()
        )
        yield row, Entry(
            f"ucdp {code}", name, sort, tuple(Name(each, name) for each in told), places, tuple(ties),
            source=f"UCDP Actor {cells.get('version', '')}, id {code}", list=path.name,
        )  # fmt: skip


def _told(cells: dict[str, str], flag: str, column: str) -> list[str]:
    return (
        [each.strip() for each in cells.get(column, "").split(",") if each.strip()]
        if cells.get(flag) == "1"
        else []
    )


def actors(path: Path) -> Rows:
    """An actor dictionary: a name, "+" other names, and codes "[SYRGOV 000717-241208]" on its line or below it.

    The form is that of the TABARI manual; Phoenix's (MIT) and the Arabic one of UniversalPetrarch (MIT) have it.
    """
    return _sifted(_actors(path))


def _actors(path: Path) -> _Numbered:
    names: list[str] = []
    codes: list[str] = []
    began, seen = 0, dict[str, int]()
    for row, line in _lines(path):
        if isinstance(line, Refused):
            yield row, line
            continue
        words = re.split(r"[;#]", line)[0].rstrip()
        here = _CODES.findall(words)
        name = re.sub(r"\{[^{}]*\}", "", words.partition("[")[0]).replace("_", " ").strip()
        if not name and not here:
            continue
        if name and not name.startswith("+"):
            yield from _actor(path.name, began, names, codes, seen)
            names, codes, began = [], [], row
        if name.startswith("+") and not names:
            yield row, Refused(path.name, row, name[:40], "it is another name of nothing before it")
            continue
        if name:
            names.append(" ".join(name.lstrip("+").split()))
        if here and not names:
            yield row, Refused(path.name, row, words.strip()[:40], "it is a code of nothing before it")
            continue
        codes += here
    yield from _actor(path.name, began, names, codes, seen)


def _actor(source: str, row: int, names: list[str], codes: list[str], seen: dict[str, int]) -> _Numbered:
    """The entry of one block of a dictionary; the same name again, with other codes, is another entry."""
    names = [name for name in dict.fromkeys(names) if name]
    if not names:
        if row:
            yield row, Refused(source, row, "", "it has no name")
        return
    if not codes:
        yield row, Refused(source, row, names[0], "it has no code")
        return
    lands, sorts, years = [], [], list[Years]()
    for code in codes:
        letters = _CODE.match(code)
        role = letters[1] if letters else ""
        land = country_codes().get(_ISO3.get(role[:3], ""))
        if land:
            lands.append(land)
        sorts += [
            sort for part, sort in _ROLES if any(role[at : at + 3] == part for at in range(0, len(role), 3))
        ][:1]
        if times := _times(code):
            years.append(times)
    sort = sorts[0] if sorts else "other"
    title = [_titled(name) for name in names]
    seen[title[0]] = seen.get(title[0], 0) + 1
    code = title[0] if seen[title[0]] == 1 else f"{title[0]} ({seen[title[0]]})"
    only = years[0] if len(codes) == 1 and years else Years()
    yield row, Entry(
        code, title[0], sort, tuple(Name(each, title[0]) for each in title[1:]), tuple(dict.fromkeys(lands)),
        source=f"{source} [{codes[0].strip()}]" + (f" {only}" if str(only) else ""), list=source,
    )  # fmt: skip


def _titled(name: str) -> str:
    """A name in capitals as it is usually written; one word alone may be initials, and stays."""
    if not name.isupper() or " " not in name:
        return name
    return " ".join(word if word[0] == "(" else word[0] + word[1:].lower() for word in name.split())


def _times(code: str) -> Years | None:
    """The dates of a code: "060601-100131", ">090301", "<19980725"."""
    match = _TIMES.search(code)
    if not match:
        return None
    since, until = (_day(match[2]), _day(match[3])) if match[3] else (_day(match[2]), None)
    if match[1] == "<":
        since, until = None, since
    return Years(since, until) if since or until else None


def _day(digits: str | None) -> str | None:
    """ "060601" as 2006-06-01, "19980725" as 1998-07-25; ``None`` where that is no day."""
    if not digits or len(digits) == 7:
        return None
    if len(digits) == 6:
        digits = ("20" if int(digits[:2]) < 30 else "19") + digits
    words = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    try:
        return Years.of(f"{words}..").since
    except ValueError:
        return None


def agents(path: Path) -> Rows:
    """An agent dictionary: "REBEL [~REB]", a word for a sort of people. Its entries are of the sort ``other``: no parties."""
    seen: set[str] = set()
    for row, line in _lines(path):
        if isinstance(line, Refused):
            yield line
            continue
        words = re.split(r"[;#]", line)[0].strip()
        match = re.fullmatch(r"([^\[\]]+?)\s*(\{[^}]*\})?\s*\[~?([A-Za-z0-9]+)\].*", words)
        if not words or words[0] in "!+&" or words.startswith("="):
            continue
        if not match:
            yield Refused(path.name, row, words[:40], "it has no code [~…]")
            continue
        name = re.sub(r"\{[^{}]*\}|![^!]*!", "", match[1]).replace("_", " ").strip().lower()
        if name and name not in seen:
            seen.add(name)
            yield Entry(name, name, "other", source=f"{path.name} [~{match[3]}]", list=path.name)


def nations(path: Path) -> Rows:
    """NGEC's table of countries (MIT): each one's government under its country's names and nationalities."""
    return _sifted(_nations(path))


def _nations(path: Path) -> _Numbered:
    for row, cells in _table(path):
        if isinstance(cells, Refused):
            yield row, cells
            continue
        name = cells.get("name", "")
        if not name:
            yield row, Refused(path.name, row, "", "it has no name")
            continue
        words = [each.strip() for each in cells.get("nationality", "").split(",") if each.strip()]
        usual = f"Government of {name}"
        yield row, Entry(
            cells.get("cca3") or f"row {row}", usual, "government", tuple(Name(each, usual) for each in dict.fromkeys((name, *words))),
            (country_codes().get(cells.get("cca2", ""), name),), source=path.name, list=path.name,
        )  # fmt: skip


_SCHEMATA = {
    "Organization": "other", "PublicBody": "office", "Person": "person", "LegalEntity": "other", "Company": "other",
}  # fmt: skip
_TOPICS = (("gov", "office"), ("mil", "army"), ("pol.party", "party"))


def ftm(path: Path) -> Rows:
    """FollowTheMoney entities: organisations, public bodies and persons, with parents and memberships as ties.

    The schema is that of https://followthemoney.tech (MIT). Entities of other schemata are passed over.
    """
    found: list[tuple[int, dict[str, Any]]] = []
    bad: list[Refused] = []
    labels: dict[str, str] = {}
    members: dict[str, list[tuple[str, Years]]] = {}
    for row, line in _lines(path):
        if isinstance(line, Refused):
            bad.append(line)
            continue
        if not line.strip():
            continue
        try:
            body = json.loads(line)
            schema, code, told = body["schema"], str(body["id"]), body.get("properties") or {}
            if schema == "Membership":
                years = Years.of(
                    f"{_first(told, 'startDate')[:10]}..{_first(told, 'endDate')[:10]}".replace("....", "..")
                )
                for member in _texts(told, "member"):
                    members.setdefault(member, []).extend(
                        (each, years) for each in _texts(told, "organization")
                    )
            elif schema in _SCHEMATA:
                labels.setdefault(code, _first(told, "name"))
                found.append((row, body))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            bad.append(Refused(path.name, row, line[:40], f"it is no FollowTheMoney entity: {_why(error)}"))
    yield from bad
    yield from _sifted((row, _entity(path.name, row, body, labels, members)) for row, body in found)


def _entity(
    source: str,
    row: int,
    body: dict[str, Any],
    labels: dict[str, str],
    members: dict[str, list[tuple[str, Years]]],
) -> Entry | Refused:
    code, told = str(body["id"]), body.get("properties") or {}
    names = [
        *_texts(told, "name"),
        *_texts(told, "alias"),
        *_texts(told, "weakAlias"),
        *_texts(told, "previousName"),
        *_texts(told, "abbreviation"),
    ]
    if not _texts(told, "name"):
        return Refused(source, row, code, "it has no name")
    topics = _texts(told, "topics")
    sort = next(
        (sort for topic, sort in _TOPICS if any(t == topic or t.startswith(f"{topic}.") for t in topics)),
        _SCHEMATA[body["schema"]],
    )
    above = [
        (each, Years()) for each in (*_texts(told, "parent"), *_texts(told, "organization"))
    ] + members.get(code, [])
    ties = tuple(Tie("part of", labels.get(each, each), years) for each, years in above if each != code)
    lands = (
        country_codes().get(each.upper(), each)
        for each in (*_texts(told, "country"), *_texts(told, "jurisdiction"))
    )
    return Entry(
        code, names[0], "person" if body["schema"] == "Person" else sort, tuple(Name(each, names[0]) for each in dict.fromkeys(names[1:]) if each != names[0]),
        tuple(dict.fromkeys(lands)), ties, source=f"{source}, {code}", list=source,
    )  # fmt: skip


def _texts(told: dict[str, Any], key: str) -> list[str]:
    """The values of a property: texts as they are, an entity told within by its id."""
    values = told.get(key) or []
    values = values if isinstance(values, list) else [values]
    texts = [each.get("id") if isinstance(each, dict) else each for each in values]
    return [each for each in texts if isinstance(each, str)]


def _first(told: dict[str, Any], key: str) -> str:
    return next(iter(_texts(told, key)), "")


def is_own(path: Path) -> bool:
    """Whether the list at ``path`` is a case's own, which wins over all others."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        columns = {column.strip().strip('"').lower() for column in file.readline().split(",")}
    return "name" in columns and not {"actorid", "cca3"} & columns


def own(path: Path) -> Rows:
    """A case's own list: given to ``Parties`` as ``own``, its rows win over every other list."""
    return _sifted(_own(path))


def _own(path: Path) -> _Numbered:
    for row, cells in _table(path):
        if isinstance(cells, Refused):
            yield row, cells
            continue
        try:
            made = entry(cells, path.name)
        except ValueError as error:
            yield row, Refused(path.name, row, cells.get("name", ""), str(error))
            continue
        yield row, made if cells.get("code") else replace(made, code=f"row {row}")


__all__ = [
    "LONGEST",
    "Refused",
    "UnknownList",
    "actors",
    "agents",
    "ftm",
    "is_own",
    "nations",
    "own",
    "read",
    "ucdp",
]


def _why(error: Exception) -> str:
    """What an entity lacks, or why its line cannot be read, in words."""
    if isinstance(error, KeyError):
        return f"it has no {str(error).strip(chr(39))!r}"
    return str(error) or type(error).__name__
