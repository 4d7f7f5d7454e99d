"""Tools without field words: errors, keys, sealing, masks, files, forms, tables and test bases."""
