"""cnncalc beside what people use today, and beside what no program can undercut: python tests/benchmarks/run.py"""
