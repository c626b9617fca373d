"""Cases with what people decided in them, and with what they noted, which must never leave."""

from __future__ import annotations

from pathlib import Path

from tallystick.case import Case
from tallystick.model import AccountId, Judgement, Maker

EXAMPLE = Path(__file__).parent.parent / "examples" / "harrow-valley"
NOTE, BY = "the witness is known to us from last spring", "Miriam Talvik"


def decided(folder: Path) -> Path:
    """The example case in ``folder``, with a claim rejected, two accounts judged and a comment."""
    with Case.make(folder, reports=[EXAMPLE]) as case:
        case.add([EXAMPLE])
        case.read(jobs=1)
        case.link()
        record = case.record()
        claims = [claim for claim in record.claims if claim.value is not None]
        case.decide(claims[-1].id, "rejected", BY, NOTE)
        left, right = sorted(account.id for account in record.accounts)[:2]
        case.judge(Judgement(AccountId(left), AccountId(right), "different", Maker(BY), None, (NOTE,)))
        case.comment(claims[0].id, NOTE, by=BY)
    return folder
