"""`cnncalc compare`: models side by side."""
