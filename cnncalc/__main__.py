"""`python -m cnncalc`."""

from cnncalc.cli import run

run()
