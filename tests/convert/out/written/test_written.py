"""What is written of networks, word for word.

That it is right is told elsewhere: it is read again (test_every_kind, test_spec_text, onnx/test_models), and PyTorch,
Keras and ONNX's runtime run it (tests/oracles/test_written_torch, test_keras_written, test_onnx_runtime). A change that is
meant: python -m tests.convert.out.written.record, then read `git diff`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .records import parts, sections, write


@pytest.mark.parametrize(("file", "names"), parts(), ids=lambda value: value if isinstance(value, str) else value[0])
def test_it_is_what_was_recorded(file: str, names: tuple[str, ...], tmp_path: Path) -> None:
    if "onnx" in file:
        pytest.importorskip("onnx")
    recorded = sections(f"{file}.txt")
    assert write(file, names, tmp_path) == {name: recorded.get(name) for name in names}


@pytest.mark.parametrize("file", dict.fromkeys(file for file, _ in parts()))
def test_there_is_a_record_of_each(file: str) -> None:
    assert list(sections(f"{file}.txt")) == [name for one, names in parts() if one == file for name in names]
