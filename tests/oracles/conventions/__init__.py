"""Conventions held to the numbers that the tools themselves printed."""
