"""How many seconds of the processor an input takes, without the fuzzer's instrumentation: clock.py FILE"""

import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]

from fuzz import invariants, mutator  # noqa: E402

if __name__ == "__main__":
    text = Path(sys.argv[1]).read_bytes().decode("utf-8", "replace")
    began = time.process_time()
    invariants.examined(text, mutator.USED)
    print(time.process_time() - began)
