"""cnncalc as its users have it: the wheel, built from the checkout and installed into a new environment."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.bench import ROOT


def installed(folder: Path) -> tuple[str, str]:
    """The interpreter of a new environment below `folder`, and its cnncalc, which can sweep. pip compiles the bytecode."""
    quiet = ["-q", "--disable-pip-version-check"]
    built = folder / "dist"
    subprocess.run([sys.executable, "-m", "pip", "wheel", *quiet, "--no-deps", "-w", built, ROOT], check=True)
    venv.create(folder / "venv", symlinks=True, with_pip=True)
    scripts = folder / "venv" / "bin"
    wheels = [f"{wheel}[sweep]" for wheel in built.glob("cnncalc-*.whl")]
    subprocess.run([scripts / "python", "-m", "pip", "install", *quiet, *wheels], check=True)
    return str(scripts / "python"), str(scripts / "cnncalc")
