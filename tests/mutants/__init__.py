"""Mutation testing: do the tests beside a package notice when its code is wrong? python tests/mutants/run.py"""
