"""What is written of networks, word for word.

That it is right is told elsewhere: it is read again (test_every_kind, test_spec_text, onnx/test_models), and PyTorch,
Keras and ONNX's runtime run it (tests/oracles/test_written_torch, test_keras_written, test_onnx_runtime). A change that is
meant: python -m tests.convert.out.written.record, then read `git diff`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from .records import keys, sections, text_of, written

recorded = lru_cache(sections)


@pytest.mark.parametrize(("file", "name"), keys())
def test_it_is_what_was_recorded(file: str, name: str, tmp_path: Path) -> None:
    target = file.rpartition("-")[2]
    if target.startswith("onnx"):
        pytest.importorskip("onnx")
    assert written(text_of(file, name), target, tmp_path) == recorded(f"{file}.txt")[name]
