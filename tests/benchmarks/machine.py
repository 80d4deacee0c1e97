"""On what, when and with which versions it was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import peers
from benchmarks.bench import Bench
from benchmarks.timing import environment


def processor() -> str:
    """Its name as the system has it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text("utf-8", "replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.system()
    return f"{name}, {platform.system()} {platform.release()}, {platform.machine()}"


def versions(bench: Bench) -> str:
    """Of cnncalc and what it imports, in its environment; of the peers, in the caller's."""
    code = "from importlib.metadata import version; print(*(version(n) for n in ('cnncalc', 'click', 'rich')))"
    words = subprocess.run(
        [bench.python, "-c", code], env=environment(), check=True, capture_output=True, text=True
    ).stdout.split()
    found = [f"{name} {word}" for name, word in zip(("cnncalc", "click", "rich"), words, strict=True)]
    for name in ("onnx", "torch", "torchinfo", "fvcore"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def described(bench: Bench, wheel: bool) -> dict[str, str]:
    load = os.getloadavg()[0]
    missing = peers.absent()
    return {
        "date": date.today().isoformat(),
        "machine": f"{processor()}, {os.cpu_count()} cores",
        "system": f"{system()}, Python {platform.python_version()}",
        "load when it began": f"{load:.2f}",
        "versions": versions(bench),
        "cnncalc": "the installed wheel, in an environment of its own" if wheel else "as installed where this runs",
        **({"not installed, so left out": ", ".join(missing)} if missing else {}),
    }
