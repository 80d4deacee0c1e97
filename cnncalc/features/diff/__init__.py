"""`cnncalc diff`: what changed between two networks."""
