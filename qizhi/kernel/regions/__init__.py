"""Regions: codes whose prefix is the tree, aliases of other code systems, outlines."""
