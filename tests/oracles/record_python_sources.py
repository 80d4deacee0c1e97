"""What PyTorch gives for model code of other people's repositories, written down as truth for the reader of Python.

    python -m tests.oracles.record_python_sources CHECKOUTS CASES.json TRUTH.json.xz [--site DIR] [--shim FILE]

CHECKOUTS has a folder ``OWNER+NAME`` for each repository. A case is ``{"repo": "OWNER/NAME", "path": "models/net.py",
"source_root": "", "call": "Net(10)", "inputs": [[1, 3, 32, 32]]}``; an input ``{"long": [1, 16], "high": 100}`` holds
whole numbers. Each case runs in a process of its own; of the file of a case only imports, definitions, plain assignments
and defaults of argparse run, as a script would go on to train. The code runs: give it a machine without secrets. Nothing
of it goes into this repository. Each good case with images is recorded a second time with odd sizes (H-5, W-11).
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.util
import json
import lzma
import os
import resource
import signal
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

#: Packages that model files import and whose absence says nothing about the model.
STUBS = (
    "PIL", "matplotlib", "sklearn", "cv2", "tensorboardX", "skimage", "scipy", "pandas", "tqdm", "wandb", "h5py",
    "visdom", "gdown", "requests", "torchnet", "pydensecrf", "librosa", "soundfile", "mmcv", "mmengine", "mmseg",
    "mmdet", "fvcore", "apex", "gym", "lmdb", "tensorboard", "seaborn", "imageio", "nibabel", "SimpleITK", "fcn",
    "tfrecord", "pycocotools", "IPython", "munch", "pytz", "torchlibrosa", "pretrainedmodels", "thop", "torchsummary", "transformers",
)  # fmt: skip
_ID_OF_ODD = 2000
_SECONDS = 180
_BYTES = 6 << 30
#: What is done with a case below a folder of checkouts.
Run: TypeAlias = Callable[[Path, dict[str, Any]], dict[str, Any]]


def _late(*_: Any) -> None:
    raise TimeoutError(f"more than {_SECONDS} s")


class _Stub(types.ModuleType):
    """A module that has every name, each a stub again."""

    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": lambda self, *_, **__: None, "__call__": lambda self, value=None: value})


class _Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what is not installed."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(name, self) if name.partition(".")[0] in STUBS else None

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Stub(spec.name)

    def exec_module(self, module: types.ModuleType) -> None: ...


def definitions(tree: ast.Module) -> ast.Module:
    """Of a module the imports, definitions and assignments that run nothing of a training."""

    def is_kept(statement: ast.stmt) -> bool:
        if isinstance(statement, ast.If | ast.Try):
            return not any(getattr(node, "id", "") == "__name__" for node in ast.walk(statement))
        if isinstance(statement, ast.Expr):
            return isinstance(statement.value, ast.Constant) or "add_argument" in ast.unparse(statement)
        kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
        return isinstance(statement, kept)

    return ast.Module([statement for statement in tree.body if is_kept(statement)], [])


def load(root: Path, path: Path) -> dict[str, Any]:
    """The names of a file below `root`, which is where its imports start."""
    sys.path.insert(0, str(root))
    sys.meta_path.insert(0, _Stubs())
    sys.argv = [str(path)]
    name = ".".join(path.relative_to(root).with_suffix("").parts)
    tree = ast.parse(path.read_text("utf-8"))
    relative = any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))
    package = name.rpartition(".")[0] if relative else ""
    if package:
        importlib.import_module(package)
    if relative and name in sys.modules:
        return vars(sys.modules[name])
    module = types.ModuleType(name if relative else "model_file")
    module.__file__, module.__package__ = str(path), package
    sys.modules[module.__name__] = module
    for statement in definitions(tree).body:
        try:
            exec(compile(ast.Module([statement], []), str(path), "exec"), vars(module))
        except Exception:
            if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
                raise
    return vars(module)


def shapes(value: Any) -> Any:
    """The shapes in what a module gives."""
    if hasattr(value, "shape"):
        return list(value.shape)
    if isinstance(value, dict):
        return {str(key): shapes(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [shapes(one) for one in value]
    return type(value).__name__


def measure(module: Any, inputs: list[Any]) -> dict[str, Any]:
    """What a module does of `inputs`, and what it owns."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    module.eval()
    params = list({id(one): one for one in module.parameters()}.values())
    facts: dict[str, Any] = {
        "params": sum(one.numel() for one in params if not isinstance(one, torch.nn.UninitializedParameter)),
        "trainable": sum(one.numel() for one in params if one.requires_grad),
        "buffers": sum(one.numel() for one in {id(one): one for one in module.buffers()}.values()),
        "batch_counters": sum("num_batches_tracked" in name for name, _ in module.named_buffers()),
    }
    run: set[int] = set()
    for part in module.modules():
        part.register_forward_hook(lambda part, *_: run.add(id(part)))
    names = {id(part): name for name, part in module.named_modules()}
    leaves: list[Any] = []

    def note(part: Any, _: Any, output: Any) -> None:
        own = sum(one.numel() for one in part.parameters(recurse=False))
        leaves.append([names.get(id(part), "?"), type(part).__name__, shapes(output), own])

    for part in module.modules():
        if not any(True for _ in part.children()):
            part.register_forward_hook(note)
    torch.manual_seed(0)
    tensors = [
        torch.randint(0, one["high"], one["long"]) if isinstance(one, dict) else torch.randn(*one) for one in inputs
    ]
    counter: Any = FlopCounterMode(display=False)
    with torch.no_grad():
        try:
            with counter:
                output = module(*tensors)
        except AssertionError:  # it wants a gradient of what has none
            counter, leaves[:] = None, []
            output = module(*tensors)
    if counter is None:
        return facts | _ran(module, run, output, leaves)
    by_op = {str(op): count for op, count in counter.get_flop_counts().get("Global", {}).items()}
    counted = {"macs": counter.get_total_flops() // 2, "flops_by_op": by_op}
    return facts | _ran(module, run, output, leaves) | counted


def _ran(module: Any, run: set[int], output: Any, leaves: list[Any]) -> dict[str, Any]:
    """What came of a run."""
    unused = [one for part in module.modules() if id(part) not in run for name, one in part.named_buffers(recurse=False)
              if name != "num_batches_tracked"]  # fmt: skip
    return {"ok": True, "buffers_unused": sum(one.numel() for one in unused), "output": shapes(output), "macs": None,
            "n_leaf_calls": len(leaves), "leaves": leaves}  # fmt: skip


def record(checkouts: Path, case: dict[str, Any]) -> dict[str, Any]:
    """A case with what PyTorch says of it, in this process."""
    import traceback

    repository = checkouts / case["repo"].replace("/", "+") if case["repo"] else checkouts
    facts: dict[str, Any] = {}
    try:
        names = load(repository / case["source_root"], repository / case["path"])
        names |= case.get("names", {})
        module = eval(case["call"], names)
        facts["params"] = sum(one.numel() for one in module.parameters())
        facts |= measure(module, case["inputs"])
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        inside = [one for one in frames if one.filename.startswith(f"{repository}/")]
        facts |= {"ok": False, "error": f"{type(error).__name__}: {error}"[:300],
                  "where": f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}"}  # fmt: skip
        if inside:
            facts["line"] = f"{os.path.relpath(inside[-1].filename, repository)}:{inside[-1].lineno}"
        if facts.get("params") is not None:
            facts["forward"] = inside[-1].lineno if inside else None
    return case | facts


def odd(case: dict[str, Any]) -> dict[str, Any] | None:
    """The case with odd sizes; None where its inputs are no maps."""
    inputs = [
        one if isinstance(one, dict) or len(one) < 3 else [*one[:-2], one[-2] - 5, one[-1] - 11]
        if len(one) > 3 else [*one[:-1], one[-1] - 5] for one in case["inputs"]
    ]  # fmt: skip
    if inputs == case["inputs"] or any(size <= 0 for one in inputs if isinstance(one, list) for size in one):
        return None
    return case | {"set": "odd", "id": case["id"] + _ID_OF_ODD, "inputs": inputs}


def apart(job: tuple[Run, Path, dict[str, Any]]) -> dict[str, Any]:
    """A case in the process of a pool, which does one."""
    run, checkouts, case = job
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(_SECONDS)
    resource.setrlimit(resource.RLIMIT_DATA, (_BYTES, _BYTES))
    sys.stdout = sys.stderr
    facts = run(checkouts, case)
    sys.stdout = sys.__stdout__
    print("ok" if facts["ok"] else "no", *(case[key] for key in ("id", "repo", "path", "call")),
          facts.get("output") or facts.get("error"), flush=True)  # fmt: skip
    return facts


def pooled(
    run: Run, checkouts: Path, cases: Iterable[dict[str, Any]], site: str | None = None, shim: Path | None = None
) -> Iterator[dict[str, Any]]:
    """What `run` makes of the cases, each in a process that has loaded nothing but PyTorch before.

    `site` is a folder of packages that the files import, `shim` a file to run before.
    """
    sys.path.extend([site] if site else [])
    import torch

    torch.set_num_threads(1)
    if shim:
        exec(compile(shim.read_text("utf-8"), str(shim), "exec"), {})
    with get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        jobs = [(case, pool.apply_async(apart, [(run, checkouts, case)])) for case in cases]
        for case, job in jobs:
            try:
                yield job.get()
            except Exception as error:
                yield case | {"ok": False, "error": f"{type(error).__name__}: {error}"[:300], "where": None}


def main() -> None:
    """Record all cases."""
    parser = argparse.ArgumentParser()
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("cases", type=Path)
    parser.add_argument("truth")
    parser.add_argument("--site", help="a folder of packages that the files import")
    parser.add_argument("--shim", type=Path, help="a file to run before: where torchvision needs its operators named")
    parser.add_argument("--no-odd", action="store_true", help="the sizes of the cases only")
    arguments = parser.parse_args()
    asked = json.loads(arguments.cases.read_text("utf-8"))
    cases = [{"set": "second", "id": number} | case for number, case in enumerate(asked)]
    facts = [*pooled(record, arguments.checkouts, cases, arguments.site, arguments.shim)]
    if not arguments.no_odd:
        again = [odd(case) for case, one in zip(cases, facts, strict=True) if one["ok"]]
        facts += pooled(record, arguments.checkouts, filter(None, again))
    with lzma.open(arguments.truth, "wt") as file:
        json.dump({"about": "recorded by tests/oracles/record_python_sources.py", "cases": facts}, file)


if __name__ == "__main__":
    main()
