"""`cnncalc layers`: the kinds of layer."""
