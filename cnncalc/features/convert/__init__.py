"""`cnncalc convert`: a model in another format."""
