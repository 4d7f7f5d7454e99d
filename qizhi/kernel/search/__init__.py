"""Chinese full-text search: two-character tokens, the same on both databases."""
