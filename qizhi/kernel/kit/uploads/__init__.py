"""Files that people hand in: recognised by their first bytes, cleaned, and kept outside the database.

`refusals` why a file is not taken · `kinds` what may be handed in · `images` turned, stripped, encoded anew ·
`packages` docx and xlsx looked into · `scanner` an optional virus scanner · `store` where files lie.

**Source:** `stack.md` §12; `scale.md` §5 rule 12.
"""

from .kinds import FileKind
from .store import (
    MAX_BYTES,
    StoredFile,
    discard,
    open_file,
    open_preview,
    save_upload,
    sweep_drafts,
)

__all__ = [
    "MAX_BYTES",
    "FileKind",
    "StoredFile",
    "discard",
    "open_file",
    "open_preview",
    "save_upload",
    "sweep_drafts",
]
