"""ONNX models, written with the `onnx` package: valid, a shape on every value, weights by a seed or none.

:mod:`graph` gathers operators, :mod:`weights` makes their weights, :mod:`model` puts both together; what each kind of
layer comes to is in files by family.
"""
