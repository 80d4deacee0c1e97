"""torch as tables: what its modules are made of, and which operation each of its functions is."""
