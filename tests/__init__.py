"""Tests of the whole house; those of one room lie in the room."""
