"""Many people decide at once: none of their decisions is lost, none is doubled, and the chain is whole (bench/deciding.py)."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from tallystick import case as rooms
from tallystick.case import Case
from tallystick.ledgerplace import of

ON_BOTH = True
REPORT = (
    "At least {n} people were killed in an air strike on the town of Solem on 17 May 2019, the hospital said."
)


def test_no_decision_of_many_is_lost_or_doubled(tmp_path: Path, lies: str) -> None:
    """Four people share one open case, as the desk's do; two have it open by themselves."""
    for n in (12, 15):
        (tmp_path / f"r{n}.txt").write_text(REPORT.format(n=n), encoding="utf-8")
    folder, said = tmp_path / "case", []
    with Case.make(folder) as case:
        case.add([tmp_path / "r12.txt", tmp_path / "r15.txt"])
        case.read(jobs=1)
        claims = [claim.id for claim in case.ledger.claims()]

        def person(who: int, shared: Case | None) -> None:
            with Case.open(folder, write=True) if shared is None else nullcontext(shared) as own:
                for n in range(8):
                    note = f"{who} {n}"
                    own.decide(claims[n % len(claims)], ("upheld", "rejected")[n % 2], f"Person {who}", note)
                    said.append(note)

        threads = [
            threading.Thread(target=person, args=(who, case if who < 4 else None), daemon=True)
            for who in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(said) == 48
        assert Counter(each.note for each in case.ledger.reviews()) == Counter(said)
        assert Counter(each.note for each in case.ledger.events("reviewed")) == Counter(said)
        assert type(of(folder)).__name__ == {"file": "File", "server": "Server"}[lies]
    assert rooms.verify(folder).problems == ()
