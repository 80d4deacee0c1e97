"""The examples, and chains, beside the tools that people use today."""

from benchmarks.bench import Bench, Part


def run(bench: Bench) -> Part:
    return Part([], [])


def chains(bench: Bench) -> Part:
    return Part([], [])
