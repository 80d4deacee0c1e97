"""One job again and again in one process, as a program that uses the library would: warm.py JOB FILE SECONDS

Prints the median time of a call, in seconds. Jobs of cnncalc read a spec, those of onnx a model without weights.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

Job = Callable[[], object]


def analyze(file: Path) -> Job:
    import cnncalc

    text = file.read_text("utf-8")
    return lambda: cnncalc.analyze(cnncalc.loads(text))


def document(file: Path) -> Job:
    import cnncalc

    text = file.read_text("utf-8")
    return lambda: cnncalc.analyze(cnncalc.loads(text)).to_dict()


def load(file: Path) -> Job:
    """What takes a file to shapes, as analyze takes a text."""
    import onnx

    return lambda: onnx.shape_inference.infer_shapes(onnx.load(str(file)))


def infer(file: Path) -> Job:
    """The call that onnx documents: the C++ and, around it, the model to bytes and back."""
    import onnx

    model = onnx.load(str(file))
    return lambda: onnx.shape_inference.infer_shapes(model)


def native(file: Path) -> Job:
    """The C++ alone, which takes a serialised model and gives one."""
    from onnx.onnx_cpp2py_export.shape_inference import infer_shapes

    data = file.read_bytes()
    return lambda: infer_shapes(data, False, False, False)


JOBS = {
    "analyze": analyze,
    "document": document,
    "load": load,
    "infer": infer,
    "native": native,
}


def main(job: str, file: str, seconds: str) -> None:
    call, times, end = JOBS[job](Path(file)), [], 0.0
    for _ in range(5):
        call()
    began = perf_counter()
    while end - began < float(seconds):
        start = perf_counter()
        call()
        end = perf_counter()
        times.append(end - start)
    print(median(times))


if __name__ == "__main__":
    main(*sys.argv[1:])
