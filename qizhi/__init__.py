"""Qizhi 齐治: an open platform that carries a county's work mode of social governance."""

__version__ = "0.1.0"
