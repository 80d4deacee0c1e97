"""Install a built wheel into a new environment, far from the checkout, and use it as a newcomer would.

Usage: smoke_wheel.py WHEEL [REQUIREMENT …]   (requirements: older releases of the dependencies, say)
"""

import email
import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted(path.relative_to(ROOT) for path in (ROOT / "examples").rglob("*.txt"))
PARAMETERS = "61,706"  # of LeNet-5
PYTHON = """
import cnncalc, sys
assert cnncalc.__file__.startswith(sys.prefix), cnncalc.__file__
assert cnncalc.analyze(cnncalc.load("model.txt")).totals.params == 61706
"""


def check_contents(wheel: Path) -> None:
    """The wheel holds the package, its types and its examples, and asks for click and rich alone."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = email.message_from_bytes(
            archive.read(next(name for name in names if name.endswith(".dist-info/METADATA")))
        )
    missing = {f"cnncalc/{path.as_posix()}" for path in EXAMPLES} | {"cnncalc/py.typed"}
    assert missing <= names, f"not in the wheel: {sorted(missing - names)}"
    strays = {name for name in names if not name.startswith("cnncalc/") and ".dist-info/" not in name}
    assert not strays, f"should not be in the wheel: {sorted(strays)}"
    needs = {need for need in metadata.get_all("Requires-Dist", []) if "extra ==" not in need}
    assert sorted(need.split(">")[0] for need in needs) == ["click", "rich"], needs


def check_use(folder: Path, wheel: Path, requirements: list[str]) -> None:
    """What the first minutes with the installed package consist of."""
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    home = folder / "home"
    home.mkdir()

    def run(program: str, *arguments: str) -> str:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        result = subprocess.run(
            [scripts / program, *arguments],
            cwd=home,
            env={**environment, "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        shown = f"{program} {arguments}: exit code {result.returncode}\n{result.stdout}{result.stderr}"
        assert result.returncode == 0, shown
        return result.stdout

    run("python", "-m", "pip", "install", "-q", str(wheel), *requirements)
    version = wheel.name.split("-")[1]
    assert version in run("cnncalc", "--version")
    assert version in run("python", "-m", "cnncalc", "--version")
    assert PARAMETERS in run("cnncalc", "shapes", "@lenet5")
    listed = run("cnncalc", "new")
    assert not [path for path in EXAMPLES if len(path.parts) == 2 and path.stem not in listed], listed
    run("cnncalc", "new", "lenet5", "-o", "model.txt")
    assert PARAMETERS in run("cnncalc", "shapes")
    run("python", "-W", "error", "-c", PYTHON)


def main(wheel: Path, requirements: list[str]) -> None:
    check_contents(wheel)
    with tempfile.TemporaryDirectory() as folder:
        check_use(Path(folder).resolve(), wheel, requirements)
    print(f"{wheel.name} works", *(["with", *requirements] if requirements else []))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
