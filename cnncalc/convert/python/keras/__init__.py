"""Keras in code: layers, models and operations as values of the interpreter, with the rules of convert/keras."""
