"""A guard against what does not end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

#: Of the processor. What takes it would take hours; what should end takes a hundredth, even where garbage of all the
#: tests before is collected meanwhile, or a tracer looks on.
SECONDS = 60


@contextmanager
def hang_guard(seconds: float = SECONDS) -> Iterator[None]:
    """Raises TimeoutError after so many seconds of the processor: no measure of speed, which stands in tests/benchmarks."""

    def stop(signum: int, frame: object) -> None:
        raise TimeoutError(f"still at it after {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
