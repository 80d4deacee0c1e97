"""Coverage-guided fuzzing of parse, build and analyze: python tests/fuzz/fuzz_spec.py -max_total_time=60

Takes libFuzzer's options and corpus folders; without a folder it starts from tests/fuzz/seeds and keeps nothing but
what fails. An input fails with an exception, over a second, over 500 MB, or where its document contradicts itself
(invariants.py). To see why a kept input fails: python tests/fuzz/fuzz_spec.py crash-…
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from random import Random
from zlib import crc32

import atheris

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]

SECONDS = 1.0
#: What a layer may add: so that a network of 10,000 is no find on a slow machine.
SECONDS_A_LAYER = 0.0001
MEGABYTES = 500
#: Networks of fewer layers are drawn in all formats, one in four.
DRAWN = 100
DEFAULTS = {
    "-rss_limit_mb": MEGABYTES, "-timeout": 30, "-max_len": 1000, "-entropic_scale_per_exec_time": 1,
    "-print_final_stats": 1,
}  # fmt: skip

with atheris.instrument_imports(include=["cnncalc"]):
    import cnncalc.render.csv
    import cnncalc.render.faults
    import cnncalc.render.html
    import cnncalc.render.markdown
    import cnncalc.render.plain  # noqa: F401
    from fuzz import invariants, mutator
    from fuzz.mutator import SEEDS, USED


def spoken(message: object, *more: object) -> None:
    """Python's warnings have no place on a user's terminal."""
    raise AssertionError(f"Python warns: {message}")


class TooSlow(Exception):
    """An input that takes over a second."""


def one_input(data: bytes) -> None:
    """Checks one input."""
    text = data.decode("utf-8", "surrogateescape" if data[:1] == b"#" else "replace")
    began = time.process_time()
    analysis = invariants.examined(text, USED)
    took = time.process_time() - began
    allowed = SECONDS + SECONDS_A_LAYER * len(analysis.layers)
    if took > allowed:
        slow(data, took, allowed)
    if len(analysis.layers) < DRAWN and crc32(data) % 4 == 0:
        invariants.drawn(analysis)
        invariants.looked_at(analysis)


def slow(data: bytes, took: float, allowed: float) -> None:
    """Raises TooSlow if the input takes longer than allowed without the instrumentation, too."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(data)
        command = [sys.executable, str(HERE / "clock.py"), file.name]
        alone = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    if alone > allowed:
        raise TooSlow(f"{alone:.2f} s, {took:.2f} s instrumented")


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """One in eight by libFuzzer, the others as texts."""
    random = Random(seed)
    if random.random() < 0.12:
        return atheris.Mutate(data, max_size)
    text = mutator.edited(data.decode("utf-8", "replace"), random)
    return text.encode("utf-8", "replace")[:max_size]


def cross(one: bytes, other: bytes, max_size: int, seed: int) -> bytes:
    texts = (data.decode("utf-8", "replace") for data in (one, other))
    return mutator.crossed(*texts, Random(seed)).encode("utf-8", "replace")[:max_size]


def main() -> None:
    options = [*sys.argv[1:]]
    options += [
        f"{name}={value}" for name, value in DEFAULTS.items() if not any(o.startswith(f"{name}=") for o in options)
    ]
    if all(option.startswith("-") for option in options):
        options.append("-seed_inputs=" + ",".join(map(str, sorted(SEEDS.iterdir()))))
    warnings.showwarning = spoken  # type: ignore[assignment]
    atheris.Setup([sys.argv[0], *options], one_input, custom_mutator=mutate, custom_crossover=cross)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
