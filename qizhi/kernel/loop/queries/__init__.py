"""Questions about matters. Each begins at what the actor may see, and none counts or scans a whole table."""
