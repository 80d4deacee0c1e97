"""A cluster of Dask, a worker of which is killed on the way, gives the same bytes as one process.

It needs distributed; .ci/slow runs it.
"""

import json
import os
import signal
import threading
import time

import pytest

from cnncalc.diagnostics import Source
from cnncalc.variants import task as tasks
from cnncalc.variants.asking import Asking, SweepRequest
from cnncalc.variants.running import EngineError, SweepRun, Workers, workers
from cnncalc.variants.summary import written
from variants.specs import PLAIN

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


def a_task():
    vary = {"width": "4..200", "deep": "0..4", "input": "3x8x8..3x128x128"}
    request = SweepRequest(vary, pareto=("params", "macs", "field"), required=False)
    return Asking(Source("r.txt", PLAIN["resnet"][0]), None, request, {}, {}, 10**6, "r.txt")().task


def test_a_cluster_with_a_killed_worker_gives_the_same_bytes(monkeypatch):
    monkeypatch.setattr(tasks, "_MOST", 2000)
    task = a_task()
    alone = json.dumps(written(SweepRun(task)(Workers())))
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        pid = next(iter(cluster.workers.values())).pid

        def kill():
            time.sleep(2)
            os.kill(pid, signal.SIGKILL)

        threading.Thread(target=kill, daemon=True).start()
        with workers(1, f"dask:{cluster.scheduler_address}") as by:
            assert json.dumps(written(SweepRun(task)(by))) == alone


def test_a_worker_of_another_version_is_refused(monkeypatch):
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        monkeypatch.setattr("cnncalc.__version__", "0.0.7")
        with pytest.raises(EngineError, match="workers have cnncalc"), workers(1, f"dask:{cluster.scheduler_address}"):
            pass


def test_nobody_there():
    with pytest.raises(EngineError, match="no scheduler"), workers(1, "dask:tcp://127.0.0.1:1"):
        pass
