"""What the tables hold: each column by name, type and in a sentence what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tallystick.model import FIELDS, LINES

if TYPE_CHECKING:
    import pyarrow as pa

TOLLED = ("killed", "wounded", "captured")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type, and in a sentence what it holds.

    ``type`` is text, texts (a list), whole (a number of 64 bits), number, yes/no, or day (without a zone).
    """

    name: str
    type: str
    means: str


_START = "where its words begin in the report's text, in code points"
_END = "where they end, in code points, exclusive"


def _columns(*told: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*each) for each in told)


def _when_columns(of: str) -> tuple[Column, ...]:
    return _columns(
        ("date_start", "day", f"the first day {of}, as far as it can be told"),
        ("date_end", "day", "the last day, inclusive"),
        ("date_precision", "text", "how exact: day, days, week, month, year or unknown"),
        ("date_words", "text", "the words that told it"),
    )


def _place_columns(of: str) -> tuple[Column, ...]:
    return _columns(
        ("place", "text", f"the place {of} by name"),
        ("place_words", "text", "the words that named it"),
        ("admin1", "text", "the province that it lies in"),
        ("country", "text", "the country that it lies in"),
        ("latitude", "number", "decimal degrees north (WGS 84)"),
        ("longitude", "number", "decimal degrees east (WGS 84)"),
        ("radius_km", "number", "how far the words reach around that point, in kilometres"),
    )


_FIGURE = _columns(
    ("toll", "text", "what is counted: killed, wounded, captured, missing or displaced"),
    ("low", "whole", 'the least that the words name; null is open ("up to 20")'),
    ("high", "whole", 'the greatest that they name; null is open ("at least 12")'),
    ("approx", "yes/no", 'whether the words say "about"'),
    ("above", "yes/no", 'whether low itself is not meant ("more than 15")'),
    ("group", "text", "of whom: people is the whole, any other a part that is added to nothing"),
)


def _range_columns(kind: str) -> tuple[Column, ...]:
    return _columns(
        (f"{kind}_low", "whole", f"the least that is told {kind}; a reported range, no confidence interval"),
        (f"{kind}_best", "whole", f"the best supported figure of those {kind}"),
        (f"{kind}_high", "whole", f"the greatest that is told {kind}"),
        (f"{kind}_open", "yes/no", 'whether the top is no end ("at least")'),
        (f"{kind}_open_below", "yes/no", 'whether no least is told ("up to")'),
    )


_INCIDENT = (
    *_columns(
        ("id", "text", "the incident's id"),
        ("former_ids", "texts", "ids that smaller gatherings of the same accounts went by"),
        ("accounts", "texts", "ids of the accounts that tell it"),
        ("kind", "text", "what most origins call it"),
    ),
    *_when_columns("of the event"),
    *_place_columns("of the event"),
    *_columns(
        ("reports", "whole", "how many reports tell it"),
        ("derived", "yes/no", "whether rows of datasets alone tell of it, and no report does"),
        ("origins", "texts", "the independent origins, by name: copies and shared voices folded into one"),
        ("origin_count", "whole", "how many independent origins there are"),
    ),
)  # fmt: skip

TABLES: Mapping[str, tuple[Column, ...]] = {
    "documents": _columns(
        ("id", "text", "the report's own id"),
        ("capture", "text", "SHA-256 of the bytes as received, in hexadecimal"),
        ("title", "text", "its headline"),
        ("publisher", "text", "who published it"),
        ("published", "day", "the day of publication, where it is told; never the day of receipt"),
        ("published_from", "text", "who tells that day: metadata, page or user"),
        ("url", "text", "the address that it gives for itself"),
        ("language", "text", "ISO 639 code of its language"),
        ("language_from", "text", "\"text\" where the language was told from the words alone"),
        ("sheets", "whole", "how many pages it has, where it has pages"),
        ("remarks", "texts", "what to know before trusting what was read of it"),
        ("derived", "text", "the dataset of which it is a row; null for a report"),
        ("text", "text", "the text that all offsets count in"),
    ),
    "claims": (
        *_columns(
            ("id", "text", "the claim's id"),
            ("document", "text", "id of its report"),
            ("start", "whole", _START),
            ("end", "whole", _END),
            ("quote", "text", "its exact words"),
            ("first_page", "whole", "the page of the report on which they begin, where it has pages"),
            ("last_page", "whole", "the page on which they end"),
            ("account", "text", "id of the account that it is part of"),
            ("topic", "text", "what it is about"),
            ("stance", "text", "stated, alleged, denied, warned ...: what the voice does with it"),
            ("voices", "texts", "who says it, as told, from the nearest speaker to the one relayed; "
             "none is the outlet itself"),
            ("voice_parties", "texts", "whom each of these means, by usual name; null where it is no other"),
        ),
        *_FIGURE,
        *_columns(
            ("actor", "text", "the party that it puts a part in the deed on, as told"),
            ("role", "text", "that part: perpetrator, opponent or claimant"),
            ("role_stance", "text", "how it is held: stated, alleged, suspected, claimed or denied"),
            ("kind", "text", "what kind of event it tells, where it is the claim that tells one"),
            ("aggregate", "yes/no", "whether it adds up several events"),
        ),
        *_when_columns("of the event that it belongs to"),
        *_columns(
            ("maker", "text", "the program or person that made it"),
            ("maker_version", "text", "the program's version; null of a person"),
            ("confidence", "number", "how sure the program was, 0 to 1"),
        ),
    ),
    "accounts": (
        *_columns(
            ("id", "text", "the account's id"),
            ("document", "text", "id of its report"),
            ("start", "whole", _START),
            ("end", "whole", _END),
            ("quote", "text", "the words that first tell it"),
            ("kind", "text", "what kind of event or matter it tells"),
            ("aggregate", "yes/no", "whether it adds up several events: such an account is in no incident"),
            ("primary", "yes/no", "whether it is what its report is mainly about"),
        ),
        *_when_columns("that it tells"),
        *_place_columns("that it tells"),
        *_columns(
            ("weapon", "text", "with what, as told"),
            ("target", "text", "what was hit, as told"),
            ("incident", "text", "id of the incident or matter that it is gathered in"),
            ("derived", "text", "the dataset of which it is a row; null for what a report tells"),
        ),
    ),
    "tolls": (
        *_columns(
            ("account", "text", "id of the account"),
            ("claim", "text", "id of the claim that gives the figure"),
            ("document", "text", "id of the report"),
            ("incident", "text", "id of the incident or matter that the account is gathered in"),
        ),
        *_FIGURE,
        *_columns(
            ("stance", "text", "stated, alleged, estimated ...: a denied figure is in claims alone"),
            ("voice", "text", "on whose word, as told; null is the outlet itself"),
            ("start", "whole", _START),
            ("end", "whole", _END),
            ("quote", "text", "the exact words"),
        ),
    ),
    "actors": _columns(
        ("account", "text", "id of the account"),
        ("claim", "text", "id of the claim that names the party"),
        ("document", "text", "id of the report"),
        ("incident", "text", "id of the incident or matter that the account is gathered in"),
        ("name", "text", "the party, as told"),
        ("party", "text", "the party that it means, by usual name"),
        ("role", "text", "perpetrator, opponent or claimant"),
        ("role_stance", "text", "stated, alleged, suspected, claimed or denied"),
        ("voice", "text", "on whose word, as told; null is the outlet itself"),
        ("quote", "text", "the exact words"),
    ),
    "incidents": (
        *_INCIDENT,
        *(column for kind in TOLLED for column in _range_columns(kind)),
        *(Column(f"{field}_verdict", "text", f"how what is told of {field} stands to each other; "
                 "agree, compatible, update, conflict, single_origin or unknown") for field in FIELDS),
        Column("grade", "text", "what it would get in another body's scheme; computed, never its verdict"),
        Column("disputes", "whole", "how many judgements on its accounts contradict how they are gathered"),
    ),
    "matters": (
        *_INCIDENT,
        *(Column(f"{field}_verdict", "text", f"how what is told of {field} stands to each other")
          for field in FIELDS),
        Column("disputes", "whole", "how many judgements on its accounts contradict how they are gathered"),
    ),
    "findings": (
        *_columns(
            ("id", "text", "the finding's id"),
            ("incident", "text", "id of the incident, where it is one"),
            ("matter", "text", "id of the matter, where it is one"),
            ("field", "text", "what it is about"),
            ("verdict", "text", "agree, compatible, update, conflict, single_origin or unknown"),
            ("summary", "text", "what is told, and by whom"),
            ("reason", "text", "what makes the verdict"),
            ("low", "whole", "the least that is told, of a toll"),
            ("best", "whole", "the best supported figure"),
            ("high", "whole", "the greatest that is told"),
            ("open", "yes/no", "whether the top is no end"),
            ("open_below", "yes/no", "whether no least is told"),
            ("claims", "texts", "ids of the claims that make it"),
        ),
    ),
    "judgements": _columns(
        ("id", "text", "the judgement's id"),
        ("left", "text", "id of one account, the smaller"),
        ("right", "text", "id of the other"),
        ("verdict", "text", "same, different or unsure; of each pair the one that stands"),
        ("score", "number", "in natural log-odds, where something was added up"),
        ("reasons", "texts", "why"),
        ("maker", "text", "the program or person that judged"),
        ("maker_version", "text", "the program's version; null of a person"),
        ("by_person", "yes/no", "whether a person judged: that wins over every program"),
    ),
    "states": (
        *_columns(
            ("line", "text", "id of the line"),
            ("n", "whole", "its place on the line, from 1"),
            ("line_kind", "text", f"one of {', '.join(LINES)}"),
            ("about", "text", "what it is a line of, where no place is"),
        ),
        *_place_columns("of the line"),
        *_columns(
            ("what", "text", "the state: taken, violated, there ..."),
            ("who", "text", "of whom it is told: the holder, who is counted"),
            ("low", "whole", "the least number told; null is open"),
            ("high", "whole", "the greatest; null is open"),
            ("part", "yes/no", "whether it is told of a part of the place alone"),
        ),
        *_when_columns("of which it is told"),
        *_columns(
            ("told", "day", "the first day on which a dated report tells it"),
            ("standing", "text", "happened, planned, denied, wanted, foretold or possible: "
             "only what happened moves the line"),
            ("stance", "text", "what the voice does with it"),
            ("words", "text", "the words that tell it"),
            ("verdict", "text", "how it stands to the other states of the same time"),
            ("outcome", "text", "of a warning: came true, did not, not yet due or cannot be told"),
            ("origins", "texts", "on whose word"),
            ("claims", "texts", "ids of the claims behind it"),
        ),
    ),
}  # fmt: skip


def schema(name: str) -> pa.Schema:
    """The Arrow schema of one table; what each column means stands in its metadata under "means"."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "whole": pa.int64(),
        "number": pa.float64(),
        "yes/no": pa.bool_(),
        "day": pa.date32(),
    }
    return pa.schema(
        [pa.field(each.name, types[each.type], metadata={"means": each.means}) for each in TABLES[name]]
    )
