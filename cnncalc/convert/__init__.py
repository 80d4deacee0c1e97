"""Other people's formats and the network: calls of PyTorch and Keras, both ways."""
