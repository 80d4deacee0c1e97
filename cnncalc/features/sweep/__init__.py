"""`cnncalc sweep`."""
