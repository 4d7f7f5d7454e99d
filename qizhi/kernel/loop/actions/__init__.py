"""What can be done with a matter: open it, and fire a transition. Nothing else changes one."""

from .attach import attachment_draft
from .fire import Fired, fire
from .open import Opened, matter_open

__all__ = ["Fired", "Opened", "attachment_draft", "fire", "matter_open"]
