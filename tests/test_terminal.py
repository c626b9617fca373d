"""What is printed for people cannot steer their terminal."""

from __future__ import annotations

import pytest

from tallystick.terminal import complain, show


def test_words_of_strangers_do_not_reach_the_terminal_raw(capsys: pytest.CaptureFixture[str]) -> None:
    show({}, ["a\x1b[2J\u202eb\nc"], as_json=False)
    complain(["404 \x1b]0;x\x07"])
    told = capsys.readouterr()
    assert told.out == "a\\x1b[2J\\u202eb\nc\n"
    assert told.err == "tallystick: 404 \\x1b]0;x\\x07\n"
