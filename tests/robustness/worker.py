"""Runs command lines one after another in this process, each as if in one of its own: a line of JSON in, one out.

The memory that all of them may have is limited to a gigabyte. What tests of pipes, signals and streams need is not here.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import sys
from contextlib import redirect_stderr, redirect_stdout

from cnncalc.cli import main

GIGABYTE = 2**30


def run(arguments: list[str], folder: str) -> dict[str, object]:
    """The exit code of `cnncalc ARGUMENTS`, and what it writes."""
    os.chdir(folder)
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        try:
            main(arguments, prog_name="cnncalc")
            code: object = None
        except SystemExit as end:
            code = end.code
    out, err = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
    gc.collect()
    return {"code": code, "out": out, "err": err}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE))
    for line in sys.stdin:
        print(json.dumps(run(*json.loads(line))), flush=True)
