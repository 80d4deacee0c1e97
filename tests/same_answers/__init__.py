"""Whether two installed cnncalcs give the same answers: see __main__.py."""
