"""Compares what cnncalc reads in other people's model code with what PyTorch gave for it.

    python -m tests.oracles.python_sources CHECKOUTS TRUTH.json.xz [--only TEXT] [--site DIR] [--verbose]

CHECKOUTS has a folder ``OWNER+NAME`` for each repository, at the commit of the truth; none of their code is in this one.
The truth is what record_python_sources.py writes. For each case: outputs, parameters, buffers without batch counters,
MACs (but where PyTorch's counter sees nothing: recurrent layers and fused attention), and the calls of PyTorch's own
modules in order: path, type, shape, own parameters. A case is `exact`, `refused` where PyTorch is not, or WRONG; exits
with 1 where one is wrong.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cnncalc
from cnncalc.convert.readers import How
from cnncalc.diagnostics import exit_code
from cnncalc.interpret import build, read_source

#: Reasons why a case says nothing of the model.
_ENVIRONMENT = (
    "ModuleNotFoundError",
    "URLError",
    "already registered",
    "TimeoutExpired",
    "FileNotFoundError",
    "on ScriptModules",
)
#: Layers that PyTorch's counter does not see, or that its fused paths hide, by their types.
_UNCOUNTED = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell", "TransformerEncoderLayer", "MultiheadAttention")
#: What PyTorch computes in one piece that its counter does not look into.
_FUSED = (
    "scaled_dot_product_attention",
    "MultiheadAttention",
    "TransformerEncoderLayer",
    "multi_head_attention_forward",
)
#: Modules that have modules inside in PyTorch, and so are no leaves in the record, but are one row here.
_WITH_PARTS = ("MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer")
#: Names that a script's flow defines, by file.
_SETTINGS = {"dcgan/main.py": {"nc": "3"}}
_SECONDS = 30
#: The classes of a repository.
_DEFINED: dict[Path, frozenset[str]] = {}


class Case:
    """A case of the truth, and what cnncalc makes of it."""

    def __init__(self, facts: dict[str, Any], checkouts: Path, site: str | None) -> None:
        self.facts = facts
        repository = facts["repo"].replace("/", "+")
        installed = repository.startswith("torchvision (")
        self.path = Path(site or "") / facts["path"] if installed else checkouts / repository / facts["path"]
        self.site = site
        self.folder = self.path.parent if installed else checkouts / repository
        self.seconds = 0.0

    def read(self) -> dict[str, Any] | cnncalc.SpecError:
        """The JSON document, or the faults."""
        start = time.perf_counter()
        signal.alarm(_SECONDS)
        try:
            network = self.load()
            document = cnncalc.analyze(network).to_dict()
            return {**document, "outputs": [_of_port(network, port.node) for port in network.outputs
                                            if not port.train]}  # fmt: skip
        except cnncalc.SpecError as error:
            return error
        finally:
            signal.alarm(0)
            self.seconds = time.perf_counter() - start

    def load(self) -> cnncalc.Network:
        """The network. Raises SpecError."""
        source, folder = read_source(f"{self.path}:{self.facts['call']}", how=How("python", site=self.site))
        shapes = dict(enumerate(map(spelled_input, self.facts["inputs"])))
        network = build(source, folder=folder, inputs=shapes, settings=_SETTINGS.get(self.facts["path"], {}))
        if exit_code(network.diagnostics) == 2:
            raise cnncalc.SpecError(network.diagnostics)
        return network

    def verdict(self) -> tuple[str, str]:
        """exact, refused, WRONG or skipped, and why."""
        facts = self.facts
        if not facts["ok"] and any(reason in str(facts["error"]) for reason in _ENVIRONMENT):
            return "skipped", facts["error"][:80]
        shapes = [one["long"] if isinstance(one, dict) else one for one in facts["inputs"]]
        if [1] in shapes or any(shape[0] != 1 for shape in shapes):
            return "skipped", "an input whose samples are not first, or of one number a sample, cannot be said"
        try:
            document = self.read()
        except Exception as error:
            return "WRONG", f"{type(error).__name__}: {error}"
        if isinstance(document, cnncalc.SpecError):
            return ("refused" if facts["ok"] else "exact"), _first(document)
        if not facts["ok"]:
            return "WRONG", f"PyTorch refuses: {facts['error'][:100]}"
        differences = [*self.differences(document)]
        if not differences:
            return "exact", ""
        unknown = [layer for layer in document["layers"] if layer["output"] is None or layer["macs"] is None]
        if unknown:
            differences.insert(0, "unknown: " + ", ".join(f"{one['name']} ({one['kind']})" for one in unknown[:3]))
        return ("refused" if unknown else "WRONG"), "; ".join(differences)[:400]

    def differences(self, document: dict[str, Any]) -> Iterator[str]:
        """What is not as PyTorch has it."""
        facts, totals = self.facts, document["totals"]
        if totals["params_train"] != facts["params"]:
            yield f"parameters {totals['params_train']}, PyTorch {facts['params']}"
        ours, theirs = document["outputs"], [*_flat(facts["output"])]
        squeezed = [[1, *shape] for shape in theirs]  # squeeze() takes off the axis of one sample, too
        if {*map(str, ours)} not in ({*map(str, theirs)}, {*map(str, squeezed)}):
            yield f"outputs {ours}, PyTorch {theirs}"
        if "leaves" not in facts:
            return
        counted = [*calls(document)]
        known = [(path, kind, shape, own) for path, kind, shape, own in self.native(counted)]
        whole = totals["params_train"] == facts["params"]
        for one, other in zip(counted, known, strict=False):
            shared = whole and one[3] == 0 and one[:3] == other[:3]
            squeezed = one[2] is not None and one[2][:1] == [1] and (*one[:2], one[2][1:], one[3]) == other
            if one != other and not shared and not squeezed:
                yield f"call {one}, PyTorch {other}"
                break
        if len(counted) != len(known):
            missing = Counter((one[0], one[1]) for one in known)
            missing.subtract((one[0], one[1]) for one in counted)
            yield f"{len(counted)} calls, PyTorch {len(known)}: {dict([(k, n) for k, n in missing.items() if n][:4])}"
        types = {leaf[1] for leaf in facts["leaves"]}
        seen = facts["macs"] is not None and not types & {*_UNCOUNTED}
        fused = any(layer["type"] in _FUSED for layer in document["layers"])
        if seen and not fused and totals["macs"] != facts["macs"]:
            yield f"MACs {totals['macs']}, PyTorch {facts['macs']}"
        if "batch_counters" in facts and totals["buffers"] not in self.buffers():
            yield f"buffers {totals['buffers']}, PyTorch {self.buffers()}"

    def buffers(self) -> tuple[int, int]:
        """The elements of buffers but batch counters: of all modules, and of those that run."""
        owned = self.facts["buffers"] - self.facts["batch_counters"]
        return owned, owned - self.facts["buffers_unused"]

    def native(self, counted: list[Any]) -> Iterator[tuple[str, str, Any, int]]:
        """The recorded calls of PyTorch's own modules: not of leaves of the code itself, which are functions here."""
        own = {path for path, _, _, _ in counted}
        for path, kind, shape, params in self.facts["leaves"]:
            if kind in NATIVE and (path in own or not self.defines(kind)):
                yield path, kind, next(_flat(shape), None), params

    def defines(self, kind: str) -> bool:
        """Whether the repository has a class of this name of its own."""
        if self.folder not in _DEFINED:
            text = "\n".join(file.read_text("utf-8", "replace") for file in self.folder.glob("**/*.py"))
            _DEFINED[self.folder] = frozenset(re.findall(r"^class (\w+)", text, re.MULTILINE))
        return kind in _DEFINED[self.folder]


def calls(document: dict[str, Any]) -> Iterator[tuple[str, str, Any, int]]:
    """The rows that are modules of PyTorch, as the record has them."""
    own = {layer["name"]: layer["params"] for layer in document["layers"]}
    for layer in document["layers"]:
        if not layer.get("nodes") or layer.get("train"):  # a further result of the call above; never run
            continue
        if layer.get("module") is not None and layer["type"] in NATIVE and layer["type"] not in _WITH_PARTS:
            params = own.get(layer["shares"]) if "shares" in layer else layer["params"]
            yield layer["module"], layer["type"], (layer.get("results") or [layer])[0].get("full"), params


def _of_port(network: cnncalc.Network, node: int) -> list[int] | None:
    """The whole shape of an output, with the samples."""
    shape = network.nodes[node].output if node >= 0 else None
    if shape is None:
        return None
    origin = network.origins.get(node)
    axis = 0 if origin is None else origin.axis
    return [*shape] if axis is None else [*shape[:axis], 1, *shape[axis:]]


def spelled_input(shape: Any) -> str:
    """An input of the record as --input takes it, without the samples."""
    dims = shape["long"] if isinstance(shape, dict) else shape
    return "x".join(map(str, dims[1:] if dims[0] == 1 and len(dims) > 1 else dims))


def _flat(shape: Any) -> Iterator[list[int]]:
    """The shapes in what was recorded of an output."""
    if isinstance(shape, dict):
        shape = list(shape.values())
    if isinstance(shape, list):
        if all(isinstance(size, int) for size in shape):
            yield shape
        else:
            for one in shape:
                yield from _flat(one)


def _first(error: cnncalc.SpecError) -> str:
    first = error.diagnostics[0]
    name = (first.file or "").rpartition("/")[2]
    return f"[{name}:{first.span.line if first.span else ''}] {first.message}"


NATIVE: frozenset[str] = frozenset((Path(__file__).parent / "data" / "torch_modules.txt").read_text("utf-8").split())


def main() -> None:
    """Compare all cases and print a line for each, then how many are what."""
    parser = argparse.ArgumentParser()
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("truth")
    parser.add_argument("--only", default="", help="cases with this in repository, path or call")
    parser.add_argument("--site", help="the packages that an installed library of the record stands in")
    parser.add_argument("--verbose", action="store_true", help="exact cases, too")
    arguments = parser.parse_args()
    with lzma.open(arguments.truth, "rt") as file:
        cases = json.load(file)["cases"]
    tally: Counter[tuple[str, str]] = Counter()
    for facts in cases:
        name = f"{facts['repo']}:{facts['path']}:{facts['call']}"
        if arguments.only not in name:
            continue
        case = Case(facts, arguments.checkouts, arguments.site)
        verdict, why = case.verdict()
        tally[facts["set"], verdict] += 1
        if verdict != "exact" or arguments.verbose:
            print(f"{verdict:8} {facts['id']:5} {case.seconds:6.3f} s  {name[:150]}  {why}", flush=True)
    for (group, verdict), count in sorted(tally.items()):
        print(f"{group:8} {verdict:8} {count}")
    sys.exit(any(verdict == "WRONG" for _, verdict in tally))


if __name__ == "__main__":
    main()
