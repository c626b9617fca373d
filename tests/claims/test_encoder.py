"""Laws of the shipped model: it is whole, and says the same wherever and with whatever it is run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from tests_build import make_document

from tallystick.claims import MAKER, claims
from tallystick.claims.encoder import FILES, FOLDER, Encoder, encoder, version
from tallystick.errors import ReaderDamaged

TEXT = (
    "An air strike on the town of Tarsin killed at least 12 people on Thursday, the Harrow Monitoring Network said. "
    "Rebels denied that they had fired rockets at Omrun."
)
PROBE = f"""
import sys
sys.path.insert(0, {str(FOLDER.parents[2])!r})
from tallystick.claims.encoder import encoder
vectors, tokens = encoder().lay({TEXT!r}).windows[0][1:]
import hashlib
print(hashlib.sha256(vectors.tobytes() + tokens.tobytes()).hexdigest())
"""


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(tmp_path, name):
    shutil.copytree(FOLDER, tmp_path / "model")
    (tmp_path / "model" / name).unlink()
    with pytest.raises(ReaderDamaged, match=name):
        Encoder(tmp_path / "model")


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_refused(tmp_path, name):
    shutil.copytree(FOLDER, tmp_path / "model")
    whole = (FOLDER / name).read_bytes()
    (tmp_path / "model" / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReaderDamaged, match="install it again"):
        Encoder(tmp_path / "model")


def test_one_changed_rule_is_another_version_and_a_line_end_is_none(tmp_path):
    rule = tmp_path / "rule.py"
    rule.write_bytes(b"BLASTS = 1\n")
    before = version(FOLDER, (tmp_path,))
    version.cache_clear()
    rule.write_bytes(b"BLASTS = 1\r\n")
    assert version(FOLDER, (tmp_path,)) == before
    version.cache_clear()
    rule.write_bytes(b"BLASTS = 2\n")
    assert version(FOLDER, (tmp_path,)) != before
    version.cache_clear()


def test_one_changed_byte_is_another_version(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "model")
    whole = bytearray((FOLDER / "heads.npz").read_bytes())
    whole[-1] ^= 1
    (tmp_path / "model" / "heads.npz").write_bytes(bytes(whole))
    assert version(tmp_path / "model") != version(FOLDER)


def test_a_claim_remembers_model_and_run_time():
    assert MAKER.version.endswith(version())
    assert "onnxruntime-" in version()
    (first, *_) = claims(make_document(TEXT))
    assert first.maker == MAKER


def test_the_same_bits_on_any_number_of_threads():
    told = set()
    for threads in ("1", "2", "8"):
        env = {**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        out = subprocess.run(
            [sys.executable, "-c", PROBE], env=env, capture_output=True, text=True, check=True
        )
        told.add(out.stdout)
    assert len(told) == 1


def test_what_else_is_read_changes_nothing():
    alone = encoder().lay(TEXT).windows[0]
    encoder().lay("Something else, much longer, is read between. " * 40)
    again = encoder().lay(TEXT).windows[0]
    assert all(np.array_equal(a, b) for a, b in zip(alone[1:], again[1:], strict=True))


def test_pieces_point_at_code_points():
    text = "Skeikh Saeed 🙂 الشيخ سعيد Straße \ud800 end"
    pieces = encoder().pieces(text)
    assert all(0 <= a <= b <= len(text) for a, b in pieces.offsets)
    assert any(text[a:b] == "end" for a, b in pieces.offsets)


def test_a_text_in_capitals_gets_them_where_they_belong_and_keeps_its_length():
    text = TEXT.upper()
    restored = encoder().lay(text).restored(text)
    assert len(restored) == len(text)
    assert restored.lower() == TEXT.lower()
    assert "Tarsin" in restored
    assert "killed at least 12 people" in restored
