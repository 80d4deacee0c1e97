"""A network as a picture: what stands in it, where it lies, and the formats that it is written in."""
