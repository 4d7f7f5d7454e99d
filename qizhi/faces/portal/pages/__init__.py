"""Pages of the citizens' portal: the first page and the places, saying something, following it."""
