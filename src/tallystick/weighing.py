"""The walk over incidents: weighed one by one, here or by whoever carries the work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from tallystick import findings
from tallystick.findings.origins import Taken
from tallystick.model import Document, DocumentId, Incident, Weighed
from tallystick.runner import Runner

Apart = tuple[Incident, dict[DocumentId, Document]]


def weigh(
    found: Iterable[Incident],
    copied: Taken,
    documents: Mapping[DocumentId, Document],
    runner: Runner | None = None,
) -> tuple[Weighed, ...]:
    """Each incident weighed (``findings.find``), in their order; raises what any of them raised."""
    if runner is None:
        return tuple(findings.find(incident, copied, documents) for incident in found)
    return tuple(_carried(found, copied, documents, runner))


def _carried(
    found: Iterable[Incident], copied: Taken, documents: Mapping[DocumentId, Document], runner: Runner
) -> Iterator[Weighed]:
    def apart() -> Iterator[Apart]:
        for incident in found:
            names = {account.document for account in incident.accounts}
            yield incident, {name: documents[name] for name in sorted(names) if name in documents}

    for (incident, _), weighed in runner.map(partial(_weighed, copied), apart(), lambda item: item[0].id):
        if isinstance(weighed, BaseException):
            weighed.add_note(f"while weighing {incident.id}")
            raise weighed
        yield weighed


def _weighed(copied: Taken, apart: Apart) -> Weighed:
    """One incident weighed with the reports that tell of it."""
    incident, documents = apart
    return findings.find(incident, copied, documents)
