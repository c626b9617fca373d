"""The trained model as it is shipped: word pieces in, vectors and logits out. The one door to ONNX Runtime.

An answer depends on the window alone: each is run by itself (what int8 gives would depend on what
stands beside it in a batch) and on one thread. Work is spread over processes instead.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from threadpoolctl import ThreadpoolController
from tokenizers import Tokenizer

from tallystick.claims.heads import TOKENS, Floats, Heads, Settings
from tallystick.claims.windows import Window, windows
from tallystick.errors import ReaderDamaged

FOLDER = Path(__file__).with_name("model")
_CAPITAL = TOKENS.index("capital")
RULES = (Path(__file__).parent, Path(__file__).parents[1] / "values")
FILES = ("encoder.onnx", "heads.npz", "tokenizer.json", "settings.json")


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text cut into word pieces: their numbers, and where each stands in code points."""

    ids: list[int]
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Laid:
    """A text as the model read it: its pieces, and each window with its vectors and token logits."""

    pieces: Pieces
    windows: list[tuple[Window, Floats, Floats]]

    def restored(self, text: str) -> str:
        """``text``, written all in capitals or all in small letters, with capitals where the model puts them.

        Its length is kept, so that whatever is found stands at the same place.
        """
        out = [letter if len(letter) == 1 else old for old, letter in ((c, c.lower()) for c in text)]
        for window, _, tokens in self.windows:
            at = window.places()
            for piece in range(window.first, window.last):
                start = self.pieces.offsets[piece][0]
                begins = start == 0 or not text[start - 1].isalnum()
                if begins and tokens[at[piece], _CAPITAL] > 0 and len(text[start].upper()) == 1:
                    out[start] = text[start].upper()
        return "".join(out)


class Encoder:
    """The model in ``folder``. Raises ``ReaderDamaged`` where a file is missing or is not what it should be."""

    def __init__(self, folder: Path = FOLDER) -> None:
        for name in FILES:
            if not (folder / name).is_file():
                raise ReaderDamaged(f"{folder / name} is missing: install the package again")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
            with open(folder / "heads.npz", "rb") as file, np.load(file) as arrays:
                self.heads = Heads({name: arrays[name].astype(np.float32) for name in arrays.files})
            self.settings = Settings(**json.loads((folder / "settings.json").read_text(encoding="utf-8")))
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # each of the three libraries raises its own
            raise ReaderDamaged(
                f"the reader model in {folder} cannot be opened: {error}; install it again"
            ) from error
        self.version = version(folder)

    def pieces(self, text: str) -> Pieces:
        """``text`` in word pieces; a lone surrogate, which no vocabulary holds, counts as an unknown sign."""
        safe = text.encode("utf-8", "replace").decode() if not text.isascii() else text
        cut = self._tokenizer.encode(safe, add_special_tokens=False)
        return Pieces(cut.ids, cut.offsets)

    def read(self, window: Window) -> tuple[Floats, Floats]:
        """Vectors (n, 384) and token logits (n, 17) of a window's pieces."""
        vectors, tokens = self._session.run(None, {"ids": window.ids[None], "parts": window.parts[None]})
        return vectors[0], tokens[0]

    def lay(self, text: str, title: str = "") -> Laid:
        """``text`` read window by window, its title before each."""
        pieces = self.pieces(text)
        head = self.pieces(title).ids if title else []
        return Laid(pieces, [(window, *self.read(window)) for window in windows(pieces.ids, head)])


@lru_cache(maxsize=4)
def version(folder: Path = FOLDER, rules: tuple[Path, ...] = RULES) -> str:
    """Which model, which rules and which run time: what a claim's maker is remembered by.

    ``rules`` are the folders whose modules propose, decide and write down; what a report was read by is read
    again when one of them says otherwise.
    """
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((folder / name).read_bytes() if (folder / name).is_file() else b"")
    for module in (each for room in rules for each in sorted(room.glob("*.py"))):
        digest.update(module.name.encode() + b"\0" + module.read_bytes().replace(b"\r\n", b"\n"))
    return f"{digest.hexdigest()[:12]}/onnxruntime-{onnxruntime.__version__}"


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """While it lasts NumPy computes on one thread, so that sums are made in one order on any machine."""
    limit: AbstractContextManager[object] = _blas().limit(limits=1, user_api="blas")
    return limit


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The shipped model, opened once a process."""
    return Encoder()
