"""The tools that people use today, as commands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench import HERE
from benchmarks.timing import Command, Failed, command, measure

#: By the name of the peer, the package that it needs; all but onnx need torch, too.
PACKAGES = {"onnx": "onnx", "torchinfo": "torchinfo", "fvcore": "fvcore", "flop counter": "torch"}
ONNX = "import sys, onnx; onnx.shape_inference.infer_shapes(onnx.load(sys.argv[1]))"
#: Where a PyTorch module may run; on the device "meta" tensors have shapes and no elements.
DEVICES = ("cpu", "meta")


def installed(peer: str) -> bool:
    """Whether the environment that runs this has it."""
    return all(find_spec(name) is not None for name in (PACKAGES[peer], "onnx" if peer == "onnx" else "torch"))


def torch_peers() -> list[str]:
    return [peer for peer in PACKAGES if peer != "onnx" and installed(peer)]


def absent() -> list[str]:
    return [peer for peer in PACKAGES if not installed(peer)]


def write_twins(script: str, folder: Path, specs: Sequence[Path | str]) -> None:
    """Write the twins of the specs, or of a chain of so many layers, by the script `twins` or `torch_twins`."""
    subprocess.run([sys.executable, str(HERE / f"{script}.py"), str(folder), *map(str, specs)], check=True)


def onnx(model: Path) -> Command:
    """Load and infer, and print nothing."""
    return command(sys.executable, "-c", ONNX, model)


def torch(peer: str, device: str, twin: Path) -> Command:
    """Build the module, and print the tool's table."""
    return command(sys.executable, HERE / "peer_torch.py", peer.replace(" ", ""), device, twin)


class Choice(NamedTuple):
    """A peer on the device that suits it best here, and the seconds that it took there, once."""

    device: str
    command: Command
    seconds: float


def choose(peer: str, twin: Path, limit: float) -> Choice:
    """Try a PyTorch peer on every device. Raises Failed where it works on none within `limit` seconds."""
    found, reasons = [], []
    for device in DEVICES:
        one = torch(peer, device, twin)
        try:
            found.append(Choice(device, one, measure(one, limit).wall))
        except Failed as reason:
            reasons.append(str(reason))
    if not found:
        raise Failed(reasons[0])
    return min(found, key=lambda one: one.seconds)
