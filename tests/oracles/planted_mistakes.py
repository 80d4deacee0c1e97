"""Are mistakes of shape in model code reported at their line, with the right figure?

    python -m tests.oracles.planted_mistakes CHECKOUTS PLANTED.json [--only TEXT] [--verbose]

PLANTED.json is what plant_mistakes.py writes: mistakes that PyTorch refuses while the network runs. For each: the file
with the mistake is read, and there is an error at the line of the call that PyTorch names; it, its help or its notes
have the figure that the good model has there, for a kernel the one of PyTorch's own message, for a flatten the word.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import cnncalc
from cnncalc.convert.readers import How
from cnncalc.diagnostics import ERROR, Diagnostic
from cnncalc.interpret import build, read_source
from tests.oracles.plant_mistakes import Mistake
from tests.oracles.python_sources import spelled_input


def faults(path: Path, call: str, inputs: list[Any], site: str | None) -> list[Diagnostic]:
    """The errors of a file."""
    try:
        source, folder = read_source(f"{path}:{call}", how=How("python", site=site))
        found = build(source, folder=folder, inputs=dict(enumerate(map(spelled_input, inputs)))).diagnostics
    except cnncalc.SpecError as error:
        found = error.diagnostics
    return [one for one in found if one.severity == ERROR]


def expected(case: dict[str, Any]) -> str | None:
    """What the report has to say."""
    kind = case["mistake"][0]
    if kind == "flatten":
        return "flatten"
    if kind == "kernel":
        match = re.search(r"shapes cannot be multiplied \(\d+x(\d+) and", case["error"])
        return match[1] if match else None
    figure: str | None = case["mistake"][6]
    return figure


def verdict(checkouts: Path, case: dict[str, Any], site: str | None = None) -> tuple[str, str]:
    """right; or the line, the figure, or all of it missing: and what is said."""
    folder = checkouts / case["repo"].replace("/", "+") if case["repo"] else checkouts
    good = folder / case["path"]
    bad = good.with_name(f"{good.stem}__planted.py")
    bad.write_text(Mistake(*case["mistake"]).planted(good.read_text("utf-8")), "utf-8")
    try:
        found = faults(bad, case["call"], case["inputs"], site)
    finally:
        bad.unlink()
    if not found:
        return "nothing said", case["error"][:100]
    texts = [" ".join(filter(None, (one.message, one.help, *one.notes))) for one in found]
    lines = [one.span.line if one.span else None for one in found]
    said = f"{lines[0]}: {texts[0]}"
    if case["forward"] != lines[0]:
        return "wrong line", f"PyTorch: {case['forward']} {case['error'][:80]}; here {said}"
    figure = expected(case)
    if figure is not None and not re.search(rf"(?<!\d){figure}(?!\d)", texts[0].replace(",", "")):
        return "no figure", f"{figure} in {said}"
    return "right", said


def main() -> None:
    """Compare all, and print how many of each kind are reported how."""
    parser = argparse.ArgumentParser()
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("planted", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--site")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    tally: Counter[tuple[str, str]] = Counter()
    for case in json.loads(arguments.planted.read_text("utf-8")):
        kind, line = case["mistake"][:2]
        name = f"{case['repo']}:{case['path']}:{line} {kind}"
        if arguments.only not in name:
            continue
        said, why = verdict(arguments.checkouts, case, arguments.site)
        tally[kind, said] += 1
        if said != "right" or arguments.verbose:
            print(f"{said:12} {name} -> {case['mistake'][5]}: {why}"[:400], flush=True)
    for (kind, said), count in sorted(tally.items()):
        print(f"{kind:12} {said:12} {count}")
    sys.exit(any(said != "right" for _, said in tally))


if __name__ == "__main__":
    main()
