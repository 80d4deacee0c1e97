"""A document -> text: one module a format. None opens a file, prints, or works out a number of its own.

Only :mod:`cnncalc.render.terminal` imports rich.
"""
