"""A country's codes (ISO 3166-1), for the formats that ask for them."""

from __future__ import annotations

from functools import cache

from tallystick.values.names import country_codes, fold

# Two letters to the number.
_NUMBERS = (
    "AE:784 AF:4 AL:8 AM:51 AO:24 AR:32 AT:40 AU:36 AZ:31 BA:70 BD:50 BE:56 BF:854 BG:100 BH:48 "
    "BI:108 BJ:204 BO:68 BR:76 BW:72 BY:112 CA:124 CF:140 CG:178 CH:756 CI:384 CL:152 CM:120 CN:156 "
    "CO:170 CR:188 CU:192 CY:196 CZ:203 DE:276 DJ:262 DK:208 DO:214 DZ:12 EC:218 EE:233 EG:818 ER:232 "
    "ES:724 ET:231 FI:246 FR:250 GA:266 GB:826 GE:268 GH:288 GM:270 GN:324 GR:300 GT:320 HN:340 "
    "HR:191 HT:332 HU:348 ID:360 IE:372 IL:376 IN:356 IQ:368 IR:364 IS:352 IT:380 JM:388 JO:400 "
    "JP:392 KE:404 KG:417 KH:116 KP:408 KR:410 KW:414 KZ:398 LA:418 LB:422 LK:144 LR:430 LT:440 "
    "LV:428 LY:434 MA:504 MD:498 ME:499 MG:450 MK:807 ML:466 MM:104 MN:496 MR:478 MW:454 MX:484 "
    "MY:458 MZ:508 NA:516 NE:562 NG:566 NI:558 NL:528 NO:578 NP:524 NZ:554 OM:512 PA:591 PE:604 "
    "PH:608 PK:586 PL:616 PS:275 PT:620 PY:600 QA:634 RO:642 RS:688 RU:643 RW:646 SA:682 SD:729 "
    "SE:752 SG:702 SI:705 SK:703 SL:694 SN:686 SO:706 SS:728 SV:222 SY:760 TD:148 TG:768 TH:764 "
    "TJ:762 TM:795 TN:788 TR:792 TW:158 TZ:834 UA:804 UG:800 US:840 UY:858 UZ:860 VE:862 VN:704 "
    "YE:887 ZA:710 ZM:894 ZW:716 "
)


def code_of(country: str | None) -> str | None:
    """The two letters of a country by its usual English name; ``None`` where it is not known."""
    return _codes().get(fold(country)) if country else None


def number_of(country: str | None) -> int | None:
    """The number of a country by its usual English name; ``None`` where it is not known."""
    return _numbers().get(code_of(country) or "")


@cache
def _codes() -> dict[str, str]:
    return {fold(name): code for code, name in country_codes().items()}


@cache
def _numbers() -> dict[str, int]:
    return {code: int(n) for code, _, n in (each.partition(":") for each in _NUMBERS.split())}
