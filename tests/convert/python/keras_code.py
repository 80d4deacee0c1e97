"""Code of Keras below its imports, read."""

from __future__ import annotations

import cnncalc

HEAD = """import keras
import tensorflow as tf
from keras import backend as K, layers, ops
DATA = keras.datasets.mnist.load_data()
"""


def load(folder, text, **options):
    """The network that `make` of the code gives."""
    path = folder / "net.py"
    path.write_text(HEAD + text)
    return cnncalc.load(f"{path}:make", **options)
