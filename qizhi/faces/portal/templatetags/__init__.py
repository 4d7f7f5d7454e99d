"""Filters for the templates of the faces."""
