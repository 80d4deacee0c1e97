"""Many variants of one spec at once: numbers that remember how they came about, worked out as arrays."""
