"""One room for each part of a work mode that needs behaviour of its own."""
