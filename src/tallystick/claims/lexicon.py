"""The words that tell harm: who was harmed, how, by what means, and how long a total runs.

Plain English of war reporting, no names. What these lists say is a hint to the model, no more.
"""

from __future__ import annotations

import re

# Nouns for people, by the group that a toll counts. The order decides between overlaps.
GROUPS: dict[str, str] = {
    "children": r"schoolchildren|schoolchild|children|child|minors?|infants?|bab(?:y|ies)|toddlers?|girls?|boys?|kids?|newborns?",
    "women": r"wom[ae]n|mothers?|wives|wife",
    "medics": r"medics?|doctors?|nurses?|paramedics?|medical (?:workers?|staff|personnel)|health workers?",
    "journalists": r"journalists?|reporters?|photographers?|cameram[ae]n|media workers?",
    "soldiers": r"soldiers?|troops|servicem[ae]n|conscripts?|army personnel|troopers?",
    "fighters": (
        r"fighters?|militants?|rebels?|jihadi(?:st)?s?|terrorists?|insurgents?|gunm[ae]n|combatants?|militiam[ae]n|"
        r"extremists?|guerrillas?|attackers?|members?|commanders?|leaders?|elements|mercenar(?:y|ies)|bombers?|militia"
    ),
    "civilians": r"civilians?|citizens?|residents?|villagers?|locals|non-combatants?",
    "other:police": r"police(?:m[ae]n)?(?: officers?)?|officers?|security (?:forces|personnel|guards)|guards?",
    "other:aid workers": r"aid workers?|humanitarian workers?|rescue workers?|rescuers?|volunteers?|staff|workers?|employees?",
    "people": (
        r"people|persons?|victims?|individuals?|others?|martyrs?|bodies|body|corpses?|m[ae]n|lives|souls|dead|casualties|fatalities|"
        r"deaths|family members|relatives|refugees?|passengers?|worshippers?|mourners?|pilgrims?|students?|pupils?|teachers?|"
        r"prisoners?|hostages?|detainees?|captives?|patients?|farmers?|shoppers?|brothers?|sisters?|sons?|daughters?|"
        r"protesters?|demonstrators?|evacuees?|guests?|peasants?|officials?|politicians?|priests?|nuns?|clerics?"
    ),
}
PEOPLE = re.compile("|".join(f"(?P<g{n}>\\b(?:{words})\\b)" for n, words in enumerate(GROUPS.values())), re.I)
_GROUP_NAMES = tuple(GROUPS)
ONE_PERSON = re.compile(
    r"\b(?:a|an|another|one)\s+(?:(?!and\b|or\b|of\b|in\b)[\w-]+\s+){0,2}?"
    r"(?:schoolchild|child|infant|baby|toddler|girl|boy|woman|mother|medic|doctor|nurse|paramedic|journalist|reporter|"
    r"photographer|cameraman|soldier|conscript|fighter|militant|rebel|jihadist|terrorist|insurgent|gunman|militiaman|"
    r"commander|civilian|citizen|resident|villager|policeman|police officer|officer|guard|aid worker|rescue worker|"
    r"volunteer|worker|person|man|student|teacher|refugee|farmer|pilot|priest|fourth|third)\b"
    r"(?!\s+(?:bombings?|attacks?|strikes?|raids?|groups?|organi[sz]ations?|shelling|rockets?|mortars?|fire|positions?|camps?|leaders?))",
    re.I,
)
# One more word for one person each: they may be harmed, or only speak; the model tells.
SOME_PERSON = re.compile(
    r"\b(?:a|an|another|one|his|her|their|its)\s+(?:(?!(?:and|or|of|in|who|that|was|were|is|by|to|from|with|at|on)\b)[\w()’'-]+\s+){0,5}?"
    r"(?:constable|trooper|official|policewoman|bodyguard|aide|cadre|elder|trader|shopkeeper|merchant|owner|caretaker|driver|leader|"
    r"chief|boss|colleague|friend|relative|son|daughter|wife|husband|brother|sister|father|mother|cousin|nephew|niece|uncle|grandfather|grandmother|"
    r"minister|mayor|governor|judge|magistrate|prosecutor|lawyer|politician|candidate|deputy|senator|councillor|congressman|bishop|imam|cleric|monk|nun|pastor|"
    r"activist|engineer|technician|businessman|businesswoman|professor|lecturer|headmaster|pupil|farmhand|peasant|labourer|laborer|fisherman|shepherd|"
    r"peacekeeper|observer|monitor|agent|spy|informer|deserter|recruit|corporal|sergeant|lieutenant|captain|major|colonel|general|inspector|"
    r"sniper|guerrilla|extremist|bomber|attacker|assailant|bystander|passer-?by|watchman|cook|passenger|pedestrian|tourist|hostage|detainee|prisoner|suspect|victim)\b",
    re.I,
)
# What else is counted in such reports: a number before one of these is no toll.
THINGS = re.compile(
    r"\b(?:days?|hours?|minutes?|weeks?|months?|years?|decades?|kilomet(?:er|re)s?|km|miles?|met(?:er|re)s?|feet|percent|per cent|%|"
    r"houses?|homes?|buildings?|apartments?|shops?|villages?|towns?|cities|districts?|areas?|neighbou?rhoods?|provinces?|"
    r"rockets?|shells?|missiles?|bombs?|mortars?|(?:air)?strikes?|raids?|sorties|attacks?|explosions?|blasts?|times?|"
    r"tons?|tonnes|trucks?|vehicles?|cars?|buses|tanks?|aircraft|warplanes?|planes?|jets?|helicopters?|positions?|"
    r"gatherings?|dens?|hideouts?|photographs?|pictures?|checkpoints?|hospitals?|schools?|clinics?|mosques?|church(?:es)?|bases?|points?|dollars|pounds|euros|countries|nations|"
    r"groups?|factions?|sites?|targets?|operations?|violations?|incidents?|families|households|am|pm|gmt|th|parties|"
    r"barrels?|rounds?|pieces|fronts|sides|parts|stages|phases|ambulances?|bulldozers?|headquarters|strongholds?|hideouts?|"
    r"resolutions?|members? of the council|votes?|rounds of talks|metres?|degrees|acres|hectares)\b",
    re.I,
)


def group_of(words: str) -> tuple[str, int, int] | None:
    """The first group of people that ``words`` names, with its offsets in ``words``."""
    match = PEOPLE.search(words)
    if not match or match.lastgroup is None:
        return None
    return _GROUP_NAMES[int(match.lastgroup[1:])], match.start(), match.end()


# (kind of toll, words, form): "act" takes its people after it, "state" before it, "past" either.
TRIGGERS: tuple[tuple[str, str, str], ...] = (
    ("killed", r"killing|kills?|claim(?:ed|ing|s)? the li(?:ves|fe) of|claimed|murdering|slaying|executing|beheading|massacring|cost", "act"),
    ("killed", r"killed|slain|murdered|martyred|executed|beheaded|assassinated|massacred|perished|shot dead|burned to death|gunned down|eliminated|liquidated|neutrali[sz]ed|crushed to death", "past"),
    ("killed", r"number of (?:\w+ )?(?:killed|dead|deaths)|death toll|deaths of|death of|dead bod(?:y|ies)(?: of)?|bodies of|body of|toll", "noun"),
    ("killed", r"dead|died|dies|die|dying|lost their lives|lost his life|lost her life|fatalities|deaths?|martyrs|passed away|were buried|lifeless", "state"),
    ("wounded", r"number of (?:\w+ )?(?:wounded|injured|hurt)", "noun"),
    ("wounded", r"wounding|injuring|wounds|injures|maiming|hurting", "act"),
    ("wounded", r"wounded|injured|hurt|maimed", "past"),
    ("wounded", r"sustained (?:\w+ )?(?:injuries|wounds)|suffered (?:\w+ )*(?:injuries|wounds|suffocation|burns)|injuries|suffocat\w+|hospitali[sz]ed|critical condition", "state"),
    ("captured", r"capturing|abducting|kidnapping|(?:took|taking|taken|take|hold|holding|held)(?=(?:\W+[\w’'-]+){1,10}?\W+(?:prisoners?|captives?|hostages?)\b)", "act"),
    ("captured", r"captured|abducted|kidnapped|detained|taken (?:prisoners?|hostages?|captives?)|took (?:prisoners?|hostages?|captives?)", "past"),
)  # fmt: skip
TRIGGER = re.compile(
    "|".join(f"(?P<t{n}>\\b(?:{words})\\b)" for n, (_, words, _) in enumerate(TRIGGERS)), re.I
)

WEAPON = re.compile(
    r"\b(?:barrel bombs?|cluster (?:bombs?|munitions?)|phosph?orous? (?:bombs?|munitions?)|(?:rocket|mortar|artillery|tank) (?:shells?|fire|rounds?|attacks?)|"
    r"rockets?|mortars?|artillery|(?:surface-to-surface |ballistic |cruise |guided |thermal )?missiles?|car bombs?|truck bombs?|suicide (?:bombs?|belts?|vests?)|"
    r"explosives? (?:belts?|vests?|devices?)|chlorine(?: gas)?|sarin|mustard gas|toxic gas(?:es)?|air ?strikes?|airstrikes|air raids?|vacuum bombs?|bunker[- ]buster bombs?|"
    r"sniper fire|gunfire|machine guns?|land ?mines?|napalm|incendiary \w+|shells|shelling|drones?|bombs?|grenades?|dynamite)\b",
    re.I,
)
TARGET = re.compile(
    r"\b(?:(?:maternity|field|children’s|children's|main|largest|public|popular|vegetable|primary|secondary|national|aid|military|refugee|displaced)\s+)?"
    r"(?:hospitals?|clinics?|schools?|markets?|marketplace|mosques?|church(?:es)?|convoys?|camps?|weddings?|funerals?|bakery|bakeries|ambulances?|"
    r"checkpoints?|bus(?:es)?|bridges?|power (?:plant|station)s?|water (?:plant|station)s?|airports?|air ?bases?|headquarters|embassy|prisons?|"
    r"residential (?:areas?|buildings?|neighbou?rhoods?)|positions|police station|court(?:house)?|pipeline|university|kindergarten)\b",
    re.I,
)

HEDGE = re.compile(
    r"\b(?:suspected|believed|thought|presumed|apparently|probably|likely|possibly|allegedly|purported\w*|either|reportedly|unclear)\b", re.I
)  # fmt: skip
DENIAL = re.compile(
    r"\b(?:den(?:y|ied|ies|ying)|rejected (?:the )?(?:accusations?|claims?|reports?|allegations?))\b", re.I
)
CLAIMED = re.compile(
    r"\bclaim(?:ed|s|ing)? (?:the )?(?:responsibility|credit|(?:the )?attack)|admit(?:ted|s) (?:to )?(?:carrying|using|attack)"
    r"|(?:said|says|announced|confirmed) (?:that )?(?:it|they|we|its (?:\w+ )?(?:forces|fighters|men|troops|units?|planes|aircraft|artillery|gunners)) (?:had |have )?(?:only )?"
    r"(?:aimed at|targeted|struck|hit|fired (?:at|on|(?:the |several |some )?(?:rockets?|shells?|missiles?|mortars?))|shelled|bombed|attacked|carried out|launched)\b",
    re.I,
)

_FIRE = r"(?:fire|attacks?|shells?|shelling|rounds?|barrages?|strikes?|bombardments?|salvos?)"
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", re.I))
    for kind, words in (
        ("chemical_attack", r"chlorine|sarin|toxic gas(?:es)?|poison(?:ous)? gas|chemical (?:attacks?|weapons?|gas|agents?|shells?|substances?)|mustard (?:gas|agent)|nerve (?:gas|agent)|toxic substances?|gas attacks?|suffocat\w+"),
        ("suicide_bombing", r"suicide[- ](?:bomb\w*|attack\w*|blasts?|car|truck|belts?|vests?|explosions?|mission)|(?:blew|blown|blow) (?:himself|herself|themselves|itself) up|explosives? (?:belts?|vests?)|bombers? (?:detonated|blew)|suicide"),
        ("landmine", r"land ?mines?|(?:anti-?(?:tank|personnel|vehicle)|sea) mines?|mines? (?:exploded|explosion|blast|incident)|mine (?:explosion|blast|incident)|(?:hit|struck|stepped on|drove over|ran over) (?:a|an|the) (?:[\w-]+ )?mine|unexploded|booby[- ]?trap\w*"),
        ("air_strike", r"air[- ]?(?:strikes?|raids?|attacks?|bombardment|assaults?|bombing)|airstrikes?|air campaign|warplanes?|war ?planes?|(?:fighter|government|regime|\w+ian) jets|aerial (?:\w+ )?(?:bomb\w+|attacks?|strikes?|raids?|campaign)|barrel[- ]bomb\w*|helicopters?|drones? (?:strikes?|attacks?)|bombers|coalition (?:strikes?|raids?|bombing)|aircraft|raids|strikes|strafed|air force"),
        ("bombing", r"car[- ]?bomb\w*|truck[- ]?bomb\w*|roadside bombs?|bomb (?:blasts?|attacks?|explosions?)|explosive devices?|IEDs?|(?:twin|double|triple|deadly) bombings?|bombs? (?:exploded|detonated|went off|ripped)|planted|booby-trapped|explosions?|blasts?|exploded|detonated|vehicle bombs?|dynamite"),
        ("missile_strike", r"(?:ballistic|cruise|scud|surface-to-surface|guided) missiles?|missile (?:strikes?|attacks?)"),
        ("shelling", rf"shell(?:ing|ed|s|fire)?|mortars?(?: {_FIRE})?|rockets?(?: {_FIRE})?|artillery|bombard\w*|missiles?|grads?|howitzers?|cannons?"),
        ("capture", r"kidnap\w*|abduct\w*|hostages?|taken (?:prisoner|captive)|took .{0,20}(?:prisoner|captive|hostage)s?|captured .{0,30}(?:soldiers?|fighters?|militants?|pilots?)|detained"),
        ("ground_clash", r"clash\w*|fighting|battles?|gun ?battles?|firefights?|ambush\w*|assault\w*|offensive|stormed|storming|repel\w*|foil\w*|combat|advanc\w+|attack on (?:\w+ ){0,3}(?:positions?|checkpoints?|base)|military operations?|army (?:units?|operations?)|infiltrat\w+|exchange of fire|(?:pushed?|drove|driven) .{0,30}(?:out|back)|retook|recaptur\w+|take over"),
        ("air_strike", r"bomb(?:ed|ing|s|ings)|raids?|pounded"),
        ("killing", r"execut\w*|behead\w*|massacre\w*|snip(?:er|ers|ing)|shot|shooting|gunned|murder\w*|assassinat\w*|slaughter\w*|stabbed|opened fire|gunmen|crucified|stoned|tortur\w+"),
    )
)  # fmt: skip

_WAR = r"(?:war|conflict|uprising|revolution|revolt|crisis|unrest|insurgency|violence|hostilities|fighting|civil war|rebellion|operation|campaign|intervention|offensive|siege|truce|ceasefire|cease-fire)"
AGGREGATE = re.compile(
    rf"\b(?:since (?:the )?(?:\w+[’']?s? ){{0,4}}{_WAR}|{_WAR} (?:\w+ ){{0,4}}?(?:has|have|had|that|which) (?:\w+ ){{0,3}}?(?:killed|claimed|left|cost|seen|led)"
    rf"|(?:\w+-)?(?:year|month|week)(?:-old|-long|s of|s-long)? (?:\w+ ){{0,2}}{_WAR}|(?:killed|died|dead|deaths|lives) (?:\w+ ){{0,5}}(?:in|during|by) (?:the |\w+[’']?s? ){{0,3}}(?:civil )?(?:war|conflict)\b"
    r"|since (?:it|they|he|she|\w+) (?:began|started|launched|erupted|broke|intervened)|so far (?:this (?:year|month|week)|in)|in recent (?:weeks|months|days|years)"
    r"|over the (?:years|months|weeks)|every (?:day|week|month)|each (?:day|week|month)|per (?:day|week|month)|during the (?:month|year|war|conflict)"
    r"|in (?:the )?(?:first|second|last|past) (?:\w+ )?(?:months|weeks|years|half)|throughout|on average"
    r"|(?:in|across) (?:several|different|various|separate|multiple|many) (?:\w+ )?(?:areas|parts|places|provinces|towns|villages|cities|attacks|incidents|raids|strikes|operations|districts|neighbou?rhoods)"
    r"|separate (?:\w+ )?(?:attacks|incidents|raids|strikes|air ?strikes|operations|bombings)|series of|across (?:the )?(?:country|province|governorate|region)|nationwide|elsewhere in the country"
    r"|(?:wave|waves|string|series|spate) of|(?:repeated|continued|continuing|ongoing|relentless|intensified|intense|daily|near-daily|consecutive) (?:\w+ ){0,3}(?:air|attacks|strikes|raids|shelling|bomb\w*|fighting|fire)"
    r"|consecutive day|(?:two|three|four|five|six|seven|eight|nine|ten|\d+) days of|this (?:month|year|week) alone|(?:and|of) (?:the |its )?(?:surrounding|neighbou?ring|nearby) (?:\w+ )?(?:areas|countryside|towns|villages|province|suburbs)"
    r"|total of .{0,80}\bsince)\b",
    re.I,
)


def kind_of(words: str) -> str | None:
    """The kind of event that ``words`` tell of, by the first list of words that fits."""
    return next((kind for kind, pattern in KINDS if pattern.search(words)), None)


# What is fired, dropped or blown up: that it was so is never known but from some word for it.
BLASTS = frozenset(
    ("air_strike", "shelling", "missile_strike", "bombing", "suicide_bombing", "chemical_attack", "landmine")
)


_BLAST = re.compile(
    r"\b(?:(?:air|drone|missile)?[- ]?strikes?|(?:air[- ]?)?raids?|jets?|(?:war ?)?planes?|aircraft|helicopters?|gunships?|drones?|\w*bomb\w*|blasts?|explo(?:d|s)\w*|detonat\w+"
    r"|grenades?|munitions?|projectiles?|shell(?:s|ed|ing|fire)?|mortars?|rockets?|missiles?|artillery|howitzers?|cannons?|guns|barrages?|(?:tank|rocket|mortar|artillery) fire"
    r"|(?<!tear )gas(?:es|sed)?|chlorine|sarin|chemical (?:attacks?|weapons?|agents?)|toxic|(?:land ?)?mines?|unexploded|booby[- ]?trap\w*|dynamite|IEDs?|suicide|blew (?:himself|herself|themselves|itself))\b",
    re.I,
)


def tells_of_a_blast(words: str) -> bool:
    """Whether some of ``words`` is for what is fired, dropped or blown up."""
    return bool(_BLAST.search(words) or WEAPON.search(words))


# People who go, or flee: not those whom an attack "left" dead.
_LEAVING = r"leav(?:e|es|ing)|left|flee(?:s|ing)?|fled|evacuat\w+|depart\w*|exit(?:ed|ing)?|escap\w+"
DISPLACEMENT = re.compile(
    rf"\b(?:people|residents?|civilians?|famil(?:y|ies)|inhabitants?|population|evacuees?|refugees?|thousands|hundreds|dozens|citizens|women|children|anyone|anybody|nobody|no one)\b"
    rf"(?:\W+(?!(?:that|who|which|whose|to|demand\w*|fired|killed)\b)[\w’'-]+){{0,8}}?\W+(?:{_LEAVING})\b(?!\s+(?:\w+ )?(?:dead|behind|without|wounded|injured|trapped|homeless))",
    re.I,
)

# Words that put an attack into what may come, or was only threatened.
NOT_HAPPENED = re.compile(
    r"\b(?:would|could|might|may|should|if|will|plans? to|threaten\w*|warn\w*|risk|fear(?:s|ed)? that|in case|unless|vow\w*|drill|exercise|anniversary)\b",
    re.I,
)


# How a thing is said, by the word of saying nearest before it, or within it; in the order of ``STANCES``
# past "stated". Hints only: "called for" may stand in a clause that somebody else only reports.
SAID_HOW: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (stance, re.compile(rf"\b(?:{words})\b", re.I))
    for stance, words in (
        ("denied", r"den(?:y|ies|ied|ying)|reject(?:s|ed|ing)? (?:the )?(?:accusations?|claims?|reports?|allegations?)|dismiss(?:es|ed|ing)|no evidence|not true|not (?:responsible|involved|target\w*)|had no role|refuted?"),
        ("refused", r"refus(?:e|es|ed|al|ing)|reject(?:s|ed|ing|ion)?|turned down|declin(?:e|es|ed)|veto(?:ed|es)?|ruled out|will not|won[’']t"),
        ("warned", r"warn(?:s|ed|ing|ings)?|cautioned|fear(?:s|ed)?|alarm|at risk|threat(?:s|en\w*)?|risks?|looming|danger"),
        ("called_for", r"call(?:s|ed|ing)? (?:for|on|upon)|urg(?:e|es|ed|ing)|demand(?:s|ed|ing)?|appeal(?:s|ed|ing)?|ask(?:s|ed|ing) (?:for|that)|request\w*|must|should|needs? to|pleaded|press(?:es|ed|ing) for"),
        ("promised", r"promis\w*|vow(?:s|ed|ing)?|pledg\w*|swore|guarantee\w*|committed? to|commits"),
        ("offered", r"offer(?:s|ed|ing)?|propos(?:e|es|ed|al|als|ing)|ready to|willing to|invited?"),
        ("predicted", r"predict\w*|forecast\w*|expect(?:s|ed|ing)?|likely|could|would|may|might|will be|is going to"),
        ("planned", r"plan(?:s|ned|ning)?|schedul\w*|will|to (?:hold|meet|begin|start|resume|discuss|vote)|intend(?:s|ed)?|due to|aims? to|aimed at|prepar(?:e|es|ed|ing)|set to|in a bid to|seek(?:s|ing)?|sought|try(?:ing)? to|in order to"),
        ("estimated", r"estimat\w*|approximately|about \d|around \d|roughly|some \d|nearly|almost|an average|as many as|up to"),
        ("alleged", r"alleg\w*|accus\w*|blam\w*|claim(?:s|ed|ing)?|suspect\w*|purported\w*|reportedly|believed|apparently|thought to|appear(?:s|ed)? to|so-called|charg(?:e|es|ed)|war crimes?|condemn\w*"),
    )
)  # fmt: skip


def said_how(before: str, words: str) -> int:
    """The stance (1 is the first of ``SAID_HOW``) whose word stands last in ``before``; else that first in ``words``.

    The latter is told apart by adding the number of stances; 0 where there is none.
    """
    led = [(m.start(), n) for n, (_, pattern) in enumerate(SAID_HOW, 1) for m in pattern.finditer(before)]
    if led:
        return max(led, key=lambda one: (one[0], -one[1]))[1]
    inside = [(m.start(), n) for n, (_, pattern) in enumerate(SAID_HOW, 1) for m in pattern.finditer(words)]
    return len(SAID_HOW) + min(inside)[1] if inside else 0
