"""`cnncalc fmt` and `cnncalc annotate`: specs written anew."""
