"""Pages for the administrator: the list of people, one person, their posts, and lists as files."""
