"""A page as Chromium leaves it: pages of tests write what they find into <pre id="faults">."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: A folder in which npm has installed mermaid, jsdom and axe-core.
NODE = os.environ.get("CNNCALC_NODE", "")


def faults(folder: Path, page: str, width: int, dark: bool = False, wait: int = 0) -> list[str]:
    """What a page leaves, line by line; `wait` milliseconds for what it does later."""
    (folder / "page.html").write_text(page, "utf-8")
    assert CHROMIUM is not None
    words = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
             f"--window-size={width},900", *(["--blink-settings=preferredColorScheme=0"] if dark else []),
             *([f"--virtual-time-budget={wait}"] if wait else []), "--dump-dom", f"file://{folder / 'page.html'}"]  # fmt: skip
    done = subprocess.run(words, capture_output=True, timeout=900, check=True)
    found = re.search(r'<pre id="faults">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    assert found is not None
    return html.unescape(found[1]).splitlines()
