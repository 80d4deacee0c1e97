"""`cnncalc memory`: live memory over the layers."""
