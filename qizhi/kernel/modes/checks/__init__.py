"""The proofs of `mode check`, one a file: each is ``prove(pack)`` and yields what it finds wrong."""
