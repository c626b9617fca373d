"""Which files are found, and that none is lost in silence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tallystick.errors import NoReports, Unreadable
from tallystick.evidence import discover
from tallystick.evidence.media import readable


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    root = tmp_path / "reports"
    for name in ("b.txt", "a/z.html", "a/b/deep.jsonl", "c.docx", "README", "B.json", "a.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("words", encoding="utf-8")
    return root


def names(root: Path, *paths: Path, leave_out: tuple[Path, ...] = ()) -> list[str]:
    found = list(discover(paths or (root,), leave_out=leave_out))
    assert all(isinstance(path, Path) for path in found)
    return [str(path.relative_to(root)) for path in found if isinstance(path, Path)]


def refusals(*paths: Path) -> list[str]:
    return [str(item) for item in discover(paths) if isinstance(item, Unreadable)]


def test_every_file_is_given_once_in_one_order(reports: Path) -> None:
    everything = ["B.json", "README", "a/b/deep.jsonl", "a/z.html", "a.txt", "b.txt", "c.docx"]
    assert names(reports) == everything
    assert names(reports, reports / "a", reports, reports / "b.txt", reports / "a") == everything


def test_the_order_in_which_paths_are_named_does_not_matter(reports: Path) -> None:
    assert names(reports, reports / "b.txt", reports / "a") == names(
        reports, reports / "a", reports / "b.txt"
    )


def test_hidden_files_and_folders_are_left_out(reports: Path) -> None:
    (reports / ".hidden.txt").write_text("words", encoding="utf-8")
    (reports / ".git").mkdir()
    (reports / ".git" / "a.txt").write_text("words", encoding="utf-8")
    assert len(names(reports)) == 7


def test_a_sidecar_is_left_out_but_not_without_its_report(reports: Path) -> None:
    (reports / "b.txt.meta.json").write_text("{}", encoding="utf-8")
    (reports / "gone.txt.meta.json").write_text("{}", encoding="utf-8")
    assert "b.txt.meta.json" not in names(reports)
    assert "gone.txt.meta.json" in names(reports)


def test_the_case_is_left_out_when_it_lies_among_the_reports(reports: Path) -> None:
    (reports / "case").mkdir()
    (reports / "case" / "ledger.txt").write_text("words", encoding="utf-8")
    assert "case/ledger.txt" in names(reports)
    assert "case/ledger.txt" not in names(reports, leave_out=(reports / "case",))


@pytest.mark.parametrize("what", ["empty", "only-hidden", "missing", "nothing"])
def test_where_nothing_is_there_it_is_said_before_the_first_is_asked_for(what: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "only-hidden").mkdir()
    (tmp_path / "only-hidden" / ".a.txt").write_text("words", encoding="utf-8")
    with pytest.raises(NoReports) as caught:
        discover([tmp_path / what] if what != "nothing" else [])
    if what != "nothing":
        assert what in str(caught.value)
    if what in ("empty", "only-hidden"):
        assert readable() in str(caught.value)


def test_one_missing_path_is_said_though_others_are_there(reports: Path) -> None:
    with pytest.raises(NoReports, match=r"typo\.txt does not exist"):
        discover([reports, reports / "typo.txt"])


def test_a_link_out_of_the_folder_is_refused_and_the_rest_goes_on(reports: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("words", encoding="utf-8")
    (reports / "out.txt").symlink_to(secret)
    (reports / "a" / "up").symlink_to(tmp_path)
    (reports / "broken.txt").symlink_to(tmp_path / "none")
    (reports / "circle.txt").symlink_to(reports / "circle.txt")
    found = list(discover([reports]))
    assert len([item for item in found if isinstance(item, Path)]) == 7
    said = refusals(reports)
    assert len(said) == 4
    for name in ("a/up", "broken.txt", "circle.txt", "out.txt"):
        assert any(f"{reports / name} is a link" in sentence for sentence in said)
    assert "copy it into the folder" in next(s for s in said if "out.txt" in s)


def test_a_link_within_the_folder_gives_no_file_twice(reports: Path) -> None:
    (reports / "again.txt").symlink_to(reports / "b.txt")
    (reports / "a" / "loop").symlink_to(reports)
    assert len(names(reports)) == 7
    assert refusals(reports) == []


def test_a_link_that_a_person_names_is_followed(reports: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(reports)
    assert len(list(discover([link]))) == 7
    (tmp_path / "one.txt").symlink_to(reports / "b.txt")
    assert list(discover([tmp_path / "one.txt"])) == [tmp_path / "one.txt"]
    (tmp_path / "dead.txt").symlink_to(tmp_path / "none")
    assert "leads nowhere" in refusals(tmp_path / "dead.txt")[0]


def test_a_folder_that_cannot_be_opened_is_recorded(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def closed(path: Path) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    found = list(discover([reports]))
    assert len(found) == 6
    assert "Permission denied" in refusals(reports)[0]


def test_a_name_that_is_no_utf_8_is_found(tmp_path: Path) -> None:
    root = tmp_path / "reports"
    root.mkdir()
    try:
        (root / os.fsdecode(b"caf\xe9.txt")).write_text("words", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    assert len(list(discover([root]))) == 1
