"""One job again and again in one process, as a program that uses the library would: warm.py JOB FILE SECONDS

Prints the median CPU time of a call, in seconds: no job waits for anything, and a call that was interrupted counts
like any other. Jobs of cnncalc read a spec, those of onnx a model without weights, those of PyTorch's tools a twin.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import thread_time

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


def bare(file: Path) -> Job:
    """The bare loop on a chain, its output thrown away."""
    code = compile(Path(__file__).with_name("bare_loop.py").read_text("utf-8"), "bare_loop.py", "exec")
    sys.argv[1:] = [str(file)]
    null = open(os.devnull, "w")  # noqa: SIM115

    def job() -> None:
        with contextlib.redirect_stdout(null):
            exec(code, {})

    return job


def peer(tool: str) -> Callable[[Path], Job]:
    """A tool of PyTorch on a module that is built; on the device where its second call is faster."""

    def job(file: Path) -> Job:
        import peer_torch

        calls = []
        for device in ("cpu", "meta"):
            try:
                call = peer_torch.prepared(tool, device, file)
                call()
                calls.append((seconds(call), device, call))
            except (TypeError, RuntimeError):  # not on this device
                continue
        return min(calls)[2]

    return job


def seconds(call: Job) -> float:
    start = thread_time()
    call()
    return thread_time() - start


JOBS = {
    "bare": bare,
    **{tool: peer(tool) for tool in ("torchinfo", "fvcore", "flopcounter")},
    "analyze": analyze,
    "document": document,
    "load": load,
    "infer": infer,
    "native": native,
}


def main(job: str, file: str, length: str) -> None:
    call, enough = JOBS[job](Path(file)), float(length)
    warming = 0.0
    while warming < enough / 4:
        warming += seconds(call)
    times: list[float] = []
    while sum(times) < enough:
        times.append(seconds(call))
    print(median(times))


if __name__ == "__main__":
    main(*sys.argv[1:])
