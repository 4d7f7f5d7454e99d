"""What `make` calls: small programs on Python's own library, so that they run before anything is installed."""
