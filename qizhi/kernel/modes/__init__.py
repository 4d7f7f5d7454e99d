"""Modes: the mode pack as data: read, checked, tried, planned and applied in numbered versions."""
