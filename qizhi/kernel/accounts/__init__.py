"""Accounts: who is signed in, what they may see, and the record of every sign-in and unmasking."""
