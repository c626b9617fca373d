"""The walk that each test takes: from a file to its documents and refusals."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tallystick.errors import ReportRefused
from tallystick.evidence import keep, path_of, read, sidecar
from tallystick.model import Capture, Document

Items = list[Document | ReportRefused]
RECEIVED = "2020-01-02T03:04:05Z"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "case" / "captures"


@pytest.fixture
def kept(store: Path) -> Callable[[Path], Capture]:
    """Keeps a file in the store, at a fixed moment."""
    return lambda path: keep(path, store, received=RECEIVED, by="the tests")


@pytest.fixture
def take(
    store: Path, kept: Callable[[Path], Capture], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Items]:
    """All that comes of one file; a sidecar that is refused refuses the file."""
    # Hundreds of files need not outlast a power cut; test_capture holds that for those that must.
    monkeypatch.setattr(os, "fsync", lambda _: None)

    def walk(path: Path, *, published: date | None = None) -> Items:
        capture = kept(path)
        try:
            beside = sidecar(path)
        except ReportRefused as refused:
            return [refused]
        stored = path_of(store, capture.id)
        return list(read(capture, stored, stem=path.stem, sidecar=beside, published=published))

    return walk


@pytest.fixture
def written(tmp_path: Path, take: Callable[..., Items]) -> Callable[..., Items]:
    """All that comes of a file with this name and content."""

    def walk(
        name: str, content: str | bytes, *, published: date | None = None, beside: str | None = None
    ) -> Items:
        path = tmp_path / "reports" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if beside is not None:
            path.with_name(f"{name}.meta.json").write_text(beside, encoding="utf-8")
        return take(path, published=published)

    return walk


@pytest.fixture
def taken(tmp_path: Path, take: Callable[..., Items]) -> Callable[[str, bytes], Items]:
    """All that comes of a file with this name and these bytes; nothing that was unpacked is left on disk."""

    def walk(name: str, content: bytes) -> Items:
        path = tmp_path / name
        path.write_bytes(content)
        items = take(path)
        assert list(tmp_path.rglob(".new-*")) == []
        return items

    return walk
