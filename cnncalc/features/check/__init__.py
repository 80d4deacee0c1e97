"""`cnncalc check`: expectations, requirements, limits and baselines."""
