"""`cnncalc shapes`: the rows of a network."""
