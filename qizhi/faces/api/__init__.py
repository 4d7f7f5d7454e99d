"""The public contract over HTTP."""
