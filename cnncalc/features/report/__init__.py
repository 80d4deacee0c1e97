"""`cnncalc report`: one self-contained page, composed of what other commands show."""
