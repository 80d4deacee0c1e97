"""Oracles: cnncalc held to what PyTorch itself says, recorded or executed."""
