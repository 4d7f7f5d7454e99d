"""Forms made from the declared inputs of a transition, for the desk and the portal alike.

`form_for` makes one, `raw` gives what was typed as `loop.actions` wants it, `attempt` does both and brings what was
refused back to its fields: the loop alone judges, the form shows and never loses what was typed.
"""

from .attempts import attempt
from .choices import Group, Option
from .form import Row, TransitionForm, form_for
from .reading import raw

__all__ = ["Group", "Option", "Row", "TransitionForm", "attempt", "form_for", "raw"]
