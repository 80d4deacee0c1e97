"""`cnncalc conventions`: the ways of counting."""
