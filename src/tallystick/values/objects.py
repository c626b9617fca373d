"""Protected objects: what words say was hit, what was only near, what is said to have been used by fighters.

``read`` finds every object or person that the laws of war protect by what it is (a hospital, a school, an
aid convoy, a wedding) and tells how the words around it stand to it. The classes of object are those that
the Geneva Conventions (Additional Protocol I, articles 12, 15, 52 to 54, 61, 71 and 79) and the Rome Statute
(article 8) single out, with three that monitors count beside them: markets, homes, and gatherings for a
wedding or a funeral. The words are those of news and of monitors in English; ``WORDS`` is the whole table.

Relations, the surest first: ``hit`` something hit it, went off in it or damaged it, or it is among the
harmed · ``used`` said to be used by fighters · ``near`` only near or outside · ``denied`` · ``supposed``
would, could, is feared, called for · ``named`` named in another part: where the wounded were taken, who spoke.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tallystick.values.agreement import Verdict
from tallystick.values.names import alike

Kind = Literal[
    "medical", "education", "worship", "market", "aid", "rescue", "press", "displaced", "utilities", "homes",
    "heritage", "gathering",
]  # fmt: skip
Form = Literal["place", "vehicle", "person"]
Relation = Literal["hit", "used", "near", "denied", "supposed", "named"]

KINDS: tuple[Kind, ...] = (
    "medical", "education", "worship", "market", "aid", "rescue", "press", "displaced", "utilities", "homes",
    "heritage", "gathering",
)  # fmt: skip
LABELS = {
    "medical": "hospitals, clinics, ambulances and medics",
    "education": "schools and universities",
    "worship": "places of worship",
    "market": "markets and bakeries",
    "aid": "aid convoys and aid workers",
    "rescue": "rescue workers and their centres",
    "press": "journalists",
    "displaced": "displaced people and their camps",
    "utilities": "water and power supplies",
    "homes": "homes",
    "heritage": "monuments",
    "gathering": "weddings and funerals",
}
RELATIONS: tuple[Relation, ...] = ("hit", "used", "near", "denied", "supposed", "named")


@dataclass(frozen=True, slots=True)
class Object:
    """One protected object or group of people in ``words``, with its own ``name`` where it is told.

    ``form`` tells a building or site from a vehicle and from people: the law protects them in different
    articles.
    """

    kind: Kind
    form: Form
    relation: Relation
    words: str
    name: str | None = None

    def same(self, other: Object) -> bool:
        """Whether both may be one object: of one kind and form, under like names or without."""
        if (self.kind, self.form) != (other.kind, other.form):
            return False
        return self.name is None or other.name is None or alike(self.name, other.name)

    def compare(self, other: Object) -> Verdict:
        """Whether what two words say was hit can both be true: ``conflict`` where one denies what the other says.

        ``unknown`` where either is only named or supposed; two different objects are ``compatible``,
        and so are "hit" and "near".
        """
        if {self.relation, other.relation} & {"named", "supposed"}:
            return Verdict.UNKNOWN
        if not self.same(other):
            return Verdict.COMPATIBLE
        if self.relation == other.relation:
            return Verdict.AGREE
        return Verdict.CONFLICT if "denied" in (self.relation, other.relation) else Verdict.COMPATIBLE


_CENTRE = r"(?:cent(?:er|re)|office|headquarters|building|base|post|facilit(?:y|ie)|point|station|warehouse|depot|compound|complexe?|premise|unit)s?"
_CARRIER = r"(?:convoys?|trucks?|lorry|lorries|vehicles?|cars?|vans?|minibus(?:es)?|bus(?:es)?|boats?|ships?|aircraft|helicopters?)"
_STAFF = r"(?:workers?|staff members?|staff(?:ers)?|volunteers?|personnel|employees?|teams?|members?|crews?|drivers?)"
_HELPER = (
    r"(?:Red Cross|Red Crescent|SARC|ICRC|IFRC|MSF|M[ée]decins Sans Fronti[èe]res|Doctors Without Borders)"
)
_GIVER = rf"(?:aid|relief|humanitarian|U\.?N\.?|United Nations|UNHCR|UNICEF|UNRWA|WFP|World Food Program(?:me)?|food aid|medical aid|{_HELPER})"
_HELMETS = r"(?:civil[ -]defen[cs]e|White Helmets?|rescue|first[ -]responders?|fire[ -]?fighting|fire)"
_UPROOTED = r"(?:internally displaced|displaced|refugees?|IDPs?|evacuees?)"

# kind, form, words. What stands earlier wins where two begin at the same word.
WORDS: tuple[tuple[Kind, Form, str], ...] = (
    ("aid", "vehicle", rf"(?:{_GIVER}\W{{1,3}}){{1,4}}(?:(?!said|told|and)[\w-]+ ){{0,2}}{_CARRIER}|{_CARRIER} (?:carrying|loaded with|bringing|delivering|of) (?:\w+ ){{0,2}}(?:aid|relief|humanitarian|food|medical)\b(?: (?:aid|supplies|relief))?|humanitarian corridors?"),
    ("aid", "place", rf"(?:{_GIVER}\W{{1,3}}){{1,3}}(?:distribution )?{_CENTRE}|aid distribution|soup kitchens?"),
    ("rescue", "vehicle", rf"{_HELMETS} (?:vehicles?|trucks?|ambulances?|engines?|cars?)"),
    ("medical", "vehicle", r"ambulances?(?! (?:cent|station|service|crew|driver|staff|worker|team|depot|system|point|garage))|medical (?:convoys?|vehicles?|helicopters?|transports?)"),
    ("medical", "person", r"medics?|paramedics?|doctors?(?! without)|nurses?|surgeons?|midwi(?:fe|ves)|pharmacists?|(?:medical|health|hospital|ambulance|clinic|healthcare|health care) (?:workers?|staff members?|staff(?:ers)?|personnel|crews?|drivers?|teams?|employees?|volunteers?)"),
    ("medical", "place", rf"(?:(?:field|makeshift|maternity|children[’']?s|p(?:a)?ediatric|general|national|surgical|underground|mobile|trauma|university|military) )*(?:hospitals?|clinics?)|(?:medical|health|healthcare|emergency medical service|ambulance(?: service)?|dialysis|first[ -]aid|trauma) {_CENTRE}|cent(?:er|re)s? for emergency medical services|blood banks?|pharmac(?:y|ies)|dispensar(?:y|ies)|infirmar(?:y|ies)|(?:maternity|surgical|emergency) wards?|operating (?:theatre|room)s?|(?-i:M10)(?! (?:highway|road|motorway))"),
    ("aid", "person", rf"(?:{_GIVER}\W{{1,3}}){{1,3}}(?:local )?{_STAFF}"),
    ("rescue", "place", rf"{_HELMETS}(?: \w+)? (?:cent(?:er|re)|headquarters|station|building|base|office|depot)s?"),
    ("rescue", "person", rf"{_HELMETS} {_STAFF}|rescuers?|first[ -]responders?|emergency workers?|fire ?fighters?|members? of the (?:civil[ -]defen[cs]e|White Helmets)|White Helmets?"),
    ("press", "person", r"journalists?|reporters?|cameram[ae]n|photographers?|(?:media|press|TV|television|film) (?:workers?|activists?|crews?|teams?|staff)|correspondents?"),
    ("press", "place", r"(?:TV|television|radio|broadcast\w*) (?:stations?|channels?|towers?|headquarters|buildings?)|(?:media|press|newspaper) (?:office|headquarters|building)s?|newsrooms?"),
    ("displaced", "place", rf"{_UPROOTED}(?: persons?| people|[’']s?)? (?:camps?|shelters?|sites?|settlements?|cent(?:er|re)s?|tents?|gatherings?)|(?:camps?|shelters?|sites?|tents?|settlements?) (?:\w+ing )?(?:for|of|to|where|with)? ?(?:the )?{_UPROOTED}(?: (?:persons?|people|families|civilians))?|(?:sites?|locations?|places?|areas?) where {_UPROOTED} (?:persons?|people|families|civilians)"),
    ("displaced", "person", rf"{_UPROOTED} (?:persons?|people|famil(?:y|ies)|civilians?|women|children)|refugees|IDPs"),
    ("education", "vehicle", r"school ?bus(?:es)?"),
    ("education", "place", r"(?<!military )(?<!artillery )(?<!infantry )(?<!police )(?<!armour )(?<!flight )(?<!air force )(?<!old )(?:schools?|(?:elementary|primary|secondary|high|middle) schools?)(?! (?:of thought|children|pupils?|students?|girls?|boys?|kids|teachers?|headm\w+|age\b|year))|kindergartens?|nurser(?:y|ies)|universit(?:y|ies)(?! hospital)|(?<!military )(?<!war )(?<!staff )colleges?|facult(?:y|ies)|classrooms?|campus(?:es)?|dormitor(?:y|ies)|student (?:housing|hostels?|residences?)|madrasas?|orphanages?"),
    ("worship", "place", r"mosques?|church(?:es)?|cathedrals?|synagogues?|temples?|shrines?|mausoleums?|monaster(?:y|ies)|convents?|chapels?|minarets?|husseini(?:ya|yeh)s?|(?:places?|houses?) of worship|prayer halls?"),
    ("market", "place", r"(?<!black )(?<!stock )(?<!job )(?<!oil )(?:super)?market ?places?|(?<!black )(?<!stock )(?<!job )(?<!oil )(?<!arms )(?:super)?markets?(?! (?:prices?|economy|share|value|towns?))|sou[kq]s?|bazaars?|baker(?:y|ies)|bread (?:queues?|lines?)|(?:queue|queu(?:e)?ing|lining up|lined up|waiting)(?: in line)? (?:for|to buy) (?:\w+ )?bread"),
    ("utilities", "place", r"(?:drinking )?water (?:pumping |treatment |purification )?(?:stations?|plants?|towers?|tanks?|pipelines?|networks?|facilit(?:y|ies)|infrastructures?|wells?|supply|supplies|pumps?|mains?)|pumping stations?|(?:power|electricity|electrical|thermal|generating)(?: generating)? (?:plants?|stations?|sub-?stations?|lines?|grids?|networks?|facilit(?:y|ies)|infrastructures?|transformers?)|sub-?stations?|(?:sewage|desalination) plants?|dams?|water wells?"),
    ("homes", "place", r"(?:residential|civilian|apartment|housing|family)(?: and \w+)? (?:buildings?|blocks?|houses?|homes?|compounds?|complex(?:es)?|towers?)|apartments?|(?<!White )(?<!safe )(?<!guest )houses?(?! (?:of (?:representatives|commons|lords|worship)|arrest|speaker))|(?<!at )(?<!return )(?<!returned )(?<!returning )(?<!buses )(?<!bus )(?<!going )(?<!went )(?<!way )(?<!drive )(?<!drove )(?<!driving )(?<!walk )(?<!walking )(?<!walked )(?<!coming )(?<!came )(?<!come )(?<!heading )(?<!headed )(?<!back )(?<!sent )(?<!get )(?<!got )(?<!go )(?<!gone )(?<!travelling )(?<!taken )(?<!brought )homes?(?! (?:to|town|country|front|-?made|minist|secretary|office|affairs))|dwellings?|tower blocks?"),
    ("heritage", "place", r"museums?|citadels?|(?:archaeological|heritage|historic(?:al)?|ancient|UNESCO\S*) (?:sites?|monuments?|buildings?|theat(?:re|er)s?|ruins|castles?|gates?|tombs?)|monuments?|ruins(?! of)|castles?|antiquities"),
    ("gathering", "place", r"weddings?(?: (?:part(?:y|ies)|halls?|ceremon(?:y|ies)|celebrations?|receptions?|guests?|convoys?))?|funerals?(?: (?:tents?|processions?|ceremon(?:y|ies)|services?|homes?))?|mourning (?:tents?|ceremon(?:y|ies)|locations?|houses?|gatherings?)|mourners|condolence (?:tents?|halls?|gatherings?|houses?)|wakes?(?= (?:for|held))"),
)  # fmt: skip

_OBJECT = re.compile(
    "|".join(rf"(?P<w{n}>(?<![\w’'-])(?:{words})(?![\w-]))" for n, (_, _, words) in enumerate(WORDS)), re.I
)
_REACH = 300  # code points to either side in which the words that tell the relation stand
_END = re.compile(r"[.;!?](?=[\s”\"]|$)|\n")
_NAME = re.compile(r"((?:(?:[A-Z][\w’'-]*|[Aa]l-[\w’'-]+)\s+){1,3})$")
_NO_NAME = re.compile(
    r"(?:The|An?|In|On|At|Near|Outside|Their|His|Her|Its|One|Two|Three|Four|Five|Six|Several|Air|Airstrikes?|Another|Some|All|Both)\b"
)

# Words of one noun phrase that may stand between a cue and its object.
_STOP = r"(?:on|in|at|into|against|that|which|who|whose|where|when|while|as|after|before|since|hits?|hitting|struck|strikes?|kill\w*|wound\w*|injur\w*|damag\w*|destroy\w*|target\w*|bomb\w*|shell\w*|attack\w*|said|says|told|was|were|is|are|has|have|had|from|to|with)\b"
_NP = rf"(?:(?!{_STOP})[\w’'/&\[\]()-]+\s+){{0,7}}"
_NEAR = re.compile(
    r"\b(?:near|close to|next to|beside|outside|opposite|adjacent to|behind|in front of|not far from|"
    r"(?:met(?:er|re)s|km|kms|kilomet(?:er|re)s|miles|yards) (?:away )?from|across from|between|around(?! (?:\d|a dozen|two|three|four|five|six))|"
    r"(?:in )?the (?:vicinity|surroundings?|proximity|neighbou?rhood|environs|direction|outskirts|area) (?:of|around|near)|surroundings? of|vicinity of|(?:leaving|exiting|emerging from|coming out of|on (?:its|their|the) way to))\s+"
    rf"{_NP}$",
    re.I,
)
_AREA = re.compile(
    r"(?:[’']s?)?\s+(?:areas?|neighbou?rhoods?|districts?|quarters?|suburbs?|streets?|roads?|roundabouts?|squares?|junctions?|crossroads|checkpoints?|villages?|towns?|camp)\b",
    re.I,
)
_HOLDERS = r"(?:fighters|militants|terrorists|rebels|gunmen|insurgents|jihadists|snipers|soldiers|troops|militiamen|extremists|forces|army|group|militia|military)"
_BASES = r"(?:bases?|headquarters|HQs?|command(?: (?:posts?|cent(?:er|re)s?))?|barracks|positions?|strongholds?|garrisons?|(?:arms|weapons?|ammunition)(?: and \w+)? (?:depots?|caches?|stores?|warehouses?)|outposts?|operations rooms?|prisons?)"
_USED_BEFORE = re.compile(
    rf"\b(?:{_BASES}(?: \w+){{0,4}}? (?:in|inside|at|within)|{_HOLDERS} (?:\w+ ){{0,2}}?(?:holed up|hiding|hidden|sheltering|positioned|based|barricaded|stationed|entrenched|gathered|meeting) (?:in|inside|at))\s+{_NP}$",
    re.I,
)
_USED_AFTER = re.compile(
    rf"\s*(?:[\w’',-]+\s+){{0,5}}?(?:used (?:as|by|for)|turned (?:by \w+ )?into|converted (?:by \w+ )?into|transformed into|occupied by|taken over by|serving as|housing|hosting|sheltering)\s+(?:[\w’'-]+\s+){{0,6}}?(?:{_HOLDERS}|{_BASES})\b",
    re.I,
)

_HARMED = r"(?:kill(?:s|ed|ing)?|wound(?:s|ed|ing)?|injur(?:es|ed|ing)|maim(?:ed|ing)|martyr(?:ed|ing)|behead(?:ed|ing)|execut(?:ed|ing)|shot|murder(?:ed|ing)|slaughter(?:ed|ing)|kidnap\w*|abduct\w*|captur(?:ed|ing)|detain(?:ed|ing)|claim(?:ed|ing) the li(?:fe|ves) of|deaths? of|bodies of|lives of)"
_WEAPON = r"(?:air ?strikes?|airstrikes?|strikes?|(?:air )?raids?|attacks?|assaults?|offensives?|bombings?|bombardments?|shelling|shells?|blasts?|explosions?|explosives?|bombs?|car bombs?|rockets?|missiles?|mortars?|IEDs?|grenades?|fire|massacres?|shootings?|barrages?|sorties)"
_HITS = (
    r"(?:hit(?:s|ting)?|struck|strik(?:es|ing)|target(?:s|ed|ting|ing|ted)?|bomb(?:ed|ing)|bombard(?:ed|ing)|shell(?:ed|ing)|attack(?:s|ed|ing)?|pound(?:s|ed|ing)|raid(?:ed|ing)|"
    r"destroy(?:s|ed|ing)?|destruction (?:of|to)|damag(?:es|ed|ing)|damages? (?:to|at|in)|level?l(?:ed|ing)|flatten(?:ed|ing)|demolish(?:ed|ing)|burn(?:ed|t|ing)|torch(?:ed|ing)|storm(?:ed|ing)|loot(?:ed|ing)|ransack(?:ed|ing)|shatter(?:ed|ing)|"
    r"(?:rubble|ruins|debris) of|set(?:ting)? (?:fire to|ablaze|alight)|blew up|blow(?:n|ing)? up|(?:ripped|tore|tearing|ripping|swept) through|(?:slam|smash|crash|plough|plow)\w*(?: straight)? into|rock(?:ed|ing)|engulf(?:ed|ing))"
)
_INTO = r"(?:landed|land(?:ing|s)?|fell|fall(?:s|ing)?|explod(?:ed|es|ing)|detonat(?:ed|es|ing)|went off|going off|blew (?:him|her|it|them)sel(?:f|ves) up|blew up|fir(?:ed|es|ing)|dropp(?:ed|ing)|rain(?:ed|ing)(?: down)?|launch(?:ed|ing)|opened fire|impact(?:ed|ing))"
_PREP = r"(?:on|onto|upon|at|in|inside|into|against|over|within|targeting|amid|among|during)"
_CLEAR = r"(?:(?!\b(?:said|says|told|according|quoted|added|announced|who|which|whose|while|where|taken|rushed|evacuated|transferred|treated|treatment|near|outside|between)\b)[^;\n])"
# The same, with no earlier event between: "condemned after an attack on" is no plan.
_STRAIGHT = (
    r"(?:(?!\b(?:said|says|told|following|after|over|due|because|since|while|where|who|which)\b)[^;\n])"
)
_HIT_BEFORE = re.compile(
    rf"\b(?:{_HITS}\s+{_CLEAR}{{0,90}}?|{_INTO}\s+{_CLEAR}{{0,70}}?{_PREP}\s+{_CLEAR}{{0,50}}?|{_WEAPON}\s+{_CLEAR}{{0,60}}?(?:{_PREP}|of)\s+{_CLEAR}{{0,50}}?"
    rf"|(?:killed|killing|kills|massacred|died|dead|buried|trapped)\s+{_CLEAR}{{0,60}}?(?:in|inside|at|under|beneath|during|at the)\s+{_NP})$",
    re.I,
)
_HIT_AFTER = re.compile(
    rf"\s*(?:\[[^\]]*\]\s*)?(?:{_WEAPON}\b(?! (?:said|told))|on fire\b|ablaze\b|alight\b"
    rf"|{_CLEAR}{{0,110}}?\b(?:was|were|is|are|been|came|come|got|being|left|put|reported)\s+(?:[\w-]+\s+){{0,4}}?(?:hit|struck|targeted|bombed|bombarded|shelled|attacked|destroyed|damaged|level?led|flattened|demolished|burned|burnt|torched|stormed|raided|pounded|knocked out|out of (?:service|action|order)|under (?:\w+ )?(?:attack|fire|bombardment|shelling|air ?strikes)|subject(?:ed)? to|in ruins|blown up|closed by)\b"
    rf"|\s*(?:hit|bombed|shelled|struck|attacked|targeted|destroyed|damaged|levelled|burned)\s+(?:by|in|during|on|for|again|twice)\b"
    rf"|{_CLEAR}{{0,50}}?\b(?:sustained|suffered|caught fire|collapsed|came under|took a (?:direct )?hit)\b)",
    re.I,
)
_INSIDE = re.compile(
    rf"\b(?:attend(?:ed|ing)|gather(?:ed|ing)|pray(?:ed|ing)|shelter(?:ed|ing)|work(?:ed|ing)|sleep(?:ing)|queu(?:ed|e?ing)|celebrat(?:ed|ing))(?: (?:in|at|for|inside))?\s+{_NP}$", re.I
)  # fmt: skip
_PERSON_BEFORE = re.compile(
    rf"\b(?:{_HARMED}|{_HITS}|among (?:the|those|them)\b|including|along with|as well as)\s+(?:(?:at least|at most|as many as)\s+)?(?:(?!{_STOP}|said|told)[\w’'.,/&\[\]()-]+\s+){{0,8}}$", re.I
)  # fmt: skip
_HARM = re.compile(rf"\b(?:{_HARMED}|{_HITS}|casualt\w+|dead|died|deaths?)\b", re.I)
_PERSON_AFTER = re.compile(
    r"\s*(?:(?!said|told|according|report|that\b|added|announced|confirmed|who (?!died|was|were)|pull|search|recover)[\w’'/&\[\]()-]+\s+){0,8}?(?:(?:was|were|is|are|been|also|being|got)\s+(?:also\s+)?(?:killed|wounded|injured|shot|beheaded|executed|targeted|kidnapped|abducted|captured|martyred|hit|among|dead)\b|(?:who )?died\b|(?:killed|wounded|injured|kidnapped|beheaded)\b|among (?:the|those|them)\b|lost (?:his|her|their) li(?:fe|ves))",
    re.I,
)
_SPEAKS = re.compile(
    r"\s*(?:(?:(?:in|at|of|from|with|for)\s+(?:the\s+|an?\s+)?)?(?!(?:was|were|killed|an?|the)\b)[\w’'/&.,\[\]()-]+\s+){0,5}?(?:said|says|told|tell|reported|report|confirmed|added|announced|stated|tweeted|quoted|put the|estimated|warned)\b",
    re.I,
)
_SOURCE = re.compile(
    rf"\b(?:sources?|officials?|directors?|head|chief|spokes\w+|managers?|according to|quot\w+|cit(?:ed|ing)|told|tell|statements?|by|said)\b(?:\s+[\w’'-]+){{0,3}}?\s+(?:(?:at|in|from|of|by|to|with|inside|for)\s+)?{_NP}$",
    re.I,
)
# "a doctor at the hospital said": the building of whoever speaks
_AT_WORK = re.compile(
    rf"\b(?:doctors?|surgeons?|nurses?|medics?|officials?|sources?|directors?|heads?|staff|spokes\w+|teachers?|imams?|employees?|workers?|witness(?:es)?)\s+(?:at|in|of|from|for|with)\s+{_NP}$", re.I
)  # fmt: skip
_BROUGHT = re.compile(
    rf"\b(?:taken|rushed|transferr?ed|transported|evacuat\w+|brought|admitted|moved|hospitali[sz]ed|treat(?:ed|ment|ing)|sent|arriv\w+|reach\w*|receiv\w+|ferried|flown|carried|succumbed|condition|of (?:his|her|their) (?:wounds|injuries)|later died|died later|died)\b(?:\s+[\w’'-]+){{0,5}}?\s+(?:to|at|in|into|by|from)\s+{_NP}$",
    re.I,
)
_RECEIVED = re.compile(
    r"\s*(?:[\w’'-]+\s+){0,4}?(?:received|treated|admitted|for (?:medical )?treatment|to receive|where)\b",
    re.I,
)
_DENIED = re.compile(
    rf"\b(?:(?:did|had|has|have|was|were|do|does|is)(?: not|n[’']t)|never|not|nor)\s+(?!behind|responsible|involved|to blame|clear|known)(?:[\w-]+\s+){{0,3}}?(?:{_HITS}|hit|strike|target|bomb|attack|shell|carried out|conducted)\b{_STRAIGHT}{{0,60}}$"
    rf"|\bden(?:y|ied|ies|ying)\s+(?!(?:any |its |their |his )?(?:responsibility|involvement|role)){_STRAIGHT}{{0,80}}$"
    rf"|\b(?:saw|seen|found|find|be|was|were|is|are|had|with)?\s*(?<!said )\bno (?:sign of |evidence of |trace of )?(?:an? )?(?:(?!one\b)[\w’'-]+\s+){{0,3}}$",
    re.I,
)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely)\b|\bno (?:longer|fewer|less)\b", re.I)
_SUPPOSED = re.compile(
    rf"\b(?:(?:would|could|(?<!\d )may|might|can|should|must)(?! (?:have|be the|\d))|if|in case|threat\w*|plan(?:s|ned|ning)? to|vow\w*|fear(?:s|ed|ing)?|warn(?:s|ed|ing)?(?: of| that| against)?|urg\w+|call(?:s|ed|ing)? (?:for|on)|appeal\w*|demand\w*|(?<!Committee to )protect\w*|avoid\w*|refrain\w*|prevent\w*|halt|stop|(?:an )?end to|intend\w*|prepar\w+ to|about to|risk\w* of|(?:tr(?:y|ied|ying)|attempt\w*|want\w*|aim\w*|order\w*|refus\w+) to)\b{_STRAIGHT}{{0,80}}$",
    re.I,
)


def read(text: str, aimed: bool = False) -> Iterator[tuple[int, int, Object]]:
    """Every protected object in ``text`` as (start, end, object), in order, none overlapping.

    ``text[start:end]`` are its words; offsets are code points. How it stands to what happened is told
    by the words of its own sentence alone. ``aimed``: the text names by itself what was aimed at or
    where it happened ("bakery", "near a school"), so that what else would be ``named`` is ``hit``.
    """
    ends = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    for match in _OBJECT.finditer(text):
        start, end = match.span()
        kind, form, _ = WORDS[int((match.lastgroup or "w0")[1:])]
        before = text[max(ends[bisect_right(ends, start) - 1], start - _REACH) : start]
        after = text[end : min(ends[bisect_left(ends, end)], end + _REACH)]
        named = _NAME.search(before)
        own = named is not None and form == "place" and not _NO_NAME.match(named[1])
        name = " ".join(f"{named[1]}{match[0]}".split()) if named and own else None
        relation = _relation(kind, form, before, after)
        yield (
            start,
            end,
            Object(kind, form, "hit" if aimed and relation == "named" else relation, match[0], name),
        )


def _relation(kind: Kind, form: Form, before: str, after: str) -> Relation:
    """How an object stands to what happened, told by the words of its sentence before and after it."""
    if _USED_AFTER.match(after) or _USED_BEFORE.search(before):
        return "used"
    if _DENIED.search(before) and not _NOT_ONLY.search(before):
        return "denied"
    if _SUPPOSED.search(before):
        return "supposed"
    if form == "person":
        return _harmed(before, after)
    if _NEAR.search(before) or _AREA.match(after):
        return "near"
    if _AT_WORK.search(before) and _SPEAKS.match(after):
        return "named"
    if kind == "medical" and (_BROUGHT.search(before) or _RECEIVED.match(after)):
        return "named"
    if _HIT_BEFORE.search(before) or (_INSIDE.search(before) and _HARM.search(before + after)):
        return "hit"
    if _SOURCE.search(before):
        return "named"
    return "hit" if _HIT_AFTER.match(after) else "named"


def _harmed(before: str, after: str) -> Relation:
    """Of people: harmed, or only speaking, helping or told of."""
    if _SPEAKS.match(after) and not _PERSON_AFTER.match(after):
        return "named"
    if _PERSON_AFTER.match(after):
        return "hit"
    if _PERSON_BEFORE.search(before) and _HARM.search(before) and not _SOURCE.search(before):
        return "hit"
    return "named"
