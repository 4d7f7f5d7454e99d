"""Settings, addresses and the WSGI entry of the running program."""
