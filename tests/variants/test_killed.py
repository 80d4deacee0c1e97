"""A sweep that the system kills, without a word to it, goes on from its file to the same bytes."""

import json
import signal
import subprocess
import sys
import time

import pytest

CODE = """
import sys
from cnncalc.cli import main
from cnncalc.variants import running, task
task._LEAST = task._MOST = 2_000
running._KEEP_EVERY = 0
sys.exit(main(sys.argv[1:]))
"""
SPEC = "let w = 8\nlet n = 2\ninput 3x16x16\nconv w 3 pad=1\nrepeat n:\n    conv w 3 pad=1 | relu\ngavgpool | fc 10"
WORDS = ("sweep", "net.txt", "--vary", "w=1..400", "--vary", "n=0..40", "--minimize", "macs", "--where", "params > 9000",
         "--format", "json", "--quiet")  # fmt: skip


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_sweep_that_is_killed_goes_on_to_the_same_bytes(tmp_path):
    (tmp_path / "net.txt").write_text(SPEC)
    state = tmp_path / "state.json"
    command = [sys.executable, "-c", CODE, *WORDS]
    whole = subprocess.run(command, capture_output=True, check=True, timeout=100, cwd=tmp_path).stdout
    with subprocess.Popen([*command, "--resume", "state.json"], stdout=subprocess.PIPE, cwd=tmp_path) as killed:
        until = time.monotonic() + 60
        while not state.exists() and killed.poll() is None and time.monotonic() < until:
            time.sleep(0.001)
        killed.kill()
        assert killed.wait(10) == -signal.SIGKILL
    done = json.loads(state.read_text())["summary"]["candidates"]
    assert 0 < done < 400 * 41
    again = subprocess.run(
        [*command, "--resume", "state.json"], capture_output=True, check=True, timeout=100, cwd=tmp_path
    ).stdout
    assert again == whole
