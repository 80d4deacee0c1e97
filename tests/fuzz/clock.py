"""How many seconds of the processor an input takes, without the fuzzer's instrumentation and checks: clock.py FILE"""

import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]

from cnncalc import analyze  # noqa: E402
from cnncalc.diagnostics import Source  # noqa: E402
from cnncalc.interpret import build  # noqa: E402
from fuzz.invariants import MAX_LAYERS  # noqa: E402
from fuzz.mutator import USED  # noqa: E402


def seconds(text: str) -> float:
    """The time of parse, build and analyze."""
    began = time.process_time()
    analyze(build(Source("<spec>", text), folder=USED, max_layers=MAX_LAYERS)).to_dict()
    return time.process_time() - began


if __name__ == "__main__":
    given = Path(sys.argv[1]).read_bytes().decode("utf-8", "replace")
    print(min(seconds(given) for _ in range(3)))  # the least: other processes only add to it
