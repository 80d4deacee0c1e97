"""Numbers to text: the columns, declared once, and one module a format.

Every renderer takes an analysis and a view of it and returns a string; none opens a file, prints, or
works out a number of its own. Only :mod:`cnncalc.report.table` imports rich.
"""
