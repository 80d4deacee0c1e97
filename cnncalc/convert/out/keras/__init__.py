"""Source of Keras 3: the functional API, channels last, in a function that makes the model.

:mod:`source` goes through the network and names its tensors, :mod:`layout` breaks lines; what each kind of layer comes
to is in files by family, and what Keras has no layer for in :mod:`helpers`.
"""
