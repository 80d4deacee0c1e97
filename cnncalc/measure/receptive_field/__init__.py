"""Receptive fields: what an output sees of the input, forwards by sizes and backwards by pixels."""
