"""Python's own classes, functions and modules, as far as code of models uses them: tables, never the host's own."""
