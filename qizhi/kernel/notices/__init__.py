"""Notices inside the program: who is told what, after each step."""
