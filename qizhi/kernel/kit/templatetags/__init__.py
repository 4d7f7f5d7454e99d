"""Template tags of the kit: `{% load kit %}`."""
