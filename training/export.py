"""Turn trained weights into what is shipped: an int8 encoder for ONNX Runtime and the small nets above it.

python training/export.py build/model.pt src/tallystick/claims/model
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

sys.path.insert(0, str(Path(__file__).parent))
import data
from corpus import START_FOLDER
from model import Reader


def export(weights: Path, folder: Path, exact: bool = False) -> None:
    """Write ``encoder.onnx``, ``heads.npz`` and ``tokenizer.json`` into ``folder``."""
    model = Reader()
    model.load_state_dict(torch.load(weights, weights_only=True))
    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 2000, (1, 24))
    parts = torch.zeros((1, 24), dtype=torch.int64)
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            model, (ids, parts), str(plain), input_names=["ids", "parts"], output_names=["vectors", "tokens"],
            dynamic_axes={"ids": {1: "n"}, "parts": {1: "n"}}, opset_version=17, dynamo=False,
        )  # fmt: skip
        if exact:
            (folder / "encoder.onnx").write_bytes(plain.read_bytes())
        else:
            quantize_dynamic(
                plain,
                folder / "encoder.onnx",
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
            )
    graph = onnx.load(folder / "encoder.onnx")
    graph.producer_version, graph.doc_string = "", ""
    (folder / "encoder.onnx").write_bytes(graph.SerializeToString(deterministic=True))
    heads = {
        k.removeprefix("heads."): v.numpy().astype(np.float16)
        for k, v in model.state_dict().items()
        if k.startswith("heads.") and not k.startswith("heads.token")
    }
    with open(folder / "heads.npz", "wb") as file:
        np.savez(file, **dict(sorted(heads.items())))
    tokenizer = data.tokenizer(START_FOLDER)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    for path in sorted(folder.glob("*.*")):
        print(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()[:16])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--exact", action="store_true", help="leave the encoder in 32-bit floats")
    options = parser.parse_args()
    export(options.weights, options.folder, options.exact)
