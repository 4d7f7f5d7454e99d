"""Triage: similar open matters, proposed routes, duplicates."""
