"""ResNet-50 in the formats of others is ResNet-50, and what is measured of it ends well."""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

import pytest

import cnncalc
from benchmarks import files, formats
from benchmarks.bench import EXAMPLES, Bench

SCRIPTS = sysconfig.get_path("scripts")


def test_every_file_is_the_network_of_the_spec(tmp_path):
    """Other layers stand for its batch normalisations in some; TFLite has them folded into the convolutions."""
    spec = cnncalc.analyze(cnncalc.load(EXAMPLES / "resnet50.txt")).totals
    words = formats.write(tmp_path)
    for name, (file, *given) in words.items():
        network = cnncalc.load(file, **({"input": given[1]} if given else {}))
        totals = cnncalc.analyze(network).totals
        folded = spec.buffers // 2 if name == "TFLite" else 0
        assert (totals.params, totals.macs) == (spec.params - folded, spec.macs), name
        assert totals.buffers == (0 if folded else spec.buffers), name
    assert {*formats.FORMATS, *formats.SOURCES} <= {*words}
    assert {*files.BOUNDS} - {files.DRAWING} <= {*words}


@pytest.mark.skipif(os.name != "posix" or not shutil.which("cnncalc", path=SCRIPTS), reason="needs cnncalc and POSIX")
def test_every_row_is_measured(tmp_path):
    """Whatever the ratios are; the picture is as small as it is promised to be."""
    part = files.run(Bench(sys.executable, str(Path(SCRIPTS) / "cnncalc"), tmp_path, 1, quick=True))
    names = [row[0] for row in part.tables[0].rows]
    assert names[0] == files.SPEC
    assert {*names} >= {*files.BOUNDS, files.PAGE}
    assert all(0 < target.measured.median < 100 for target in part.targets[:-1])
    assert part.targets[-1].met
