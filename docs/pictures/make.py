"""The pictures of README.md and examples/README.md: `python docs/pictures/make.py` draws them anew.

tests/test_pictures.py draws them again and compares every byte.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
#: By file, the words behind `cnncalc` that make it; the last option takes the file.
COMMANDS = {
    "lenet5.svg": "draw @lenet5 --style volumes -o",
    "unet.svg": "draw @unet --style volumes -o",
    "inception.svg": "draw @googlenet --only inception1 -o",
    "encoder.svg": "draw @vit_b_16 --only encoder1 --direction right -o",
    "resnet18.svg": "draw @resnet18 --depth 1 --direction right --color cost --label params -o",
    "alexnet-costs.svg": "shapes @alexnet -q --plot",
    "unet-memory.svg": "memory @unet -q --plot",
}


def words(name: str, path: Path) -> list[str]:
    """What `cnncalc` is called with for the picture of that name."""
    return [*COMMANDS[name].split(), str(path)]


if __name__ == "__main__":
    for name in COMMANDS:
        command = [sys.executable, "-m", "cnncalc", *words(name, FOLDER / name)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
