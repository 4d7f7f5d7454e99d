"""The desk of the staff."""
