"""What PyTorch's operations do with shapes: one table for the readers of its exported graphs and of its source.

:mod:`values` has tensors and their sizes, :mod:`call` what a rule sees of a call, :mod:`rules` the table, whose rules
are in files by family; :mod:`trace` takes down what is called and makes the network of it. No PyTorch is needed.
"""
