"""Units: who can be responsible; roles and posts that people hold in them."""
