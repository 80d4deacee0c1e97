"""`cnncalc new`: the bundled examples."""
