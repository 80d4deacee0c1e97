"""`cnncalc explain`: the arithmetic behind a layer or a network."""
