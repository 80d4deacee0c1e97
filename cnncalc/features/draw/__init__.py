"""`cnncalc draw`: networks as pictures."""
