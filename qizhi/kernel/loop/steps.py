"""Steps: how one is written, what its hash covers, and how texts are kept apart from it.

The hash is taken over the canonical JSON of everything the step says, with the hash of its predecessor; the
running number of the sealer is not part of it, because it is given after commit.
"""

import hashlib
import os
from typing import Any

from django.conf import settings

from qizhi.kernel.accounts.scope import ActorKind
from qizhi.kernel.kit.canonical import canonical, digest
from qizhi.kernel.kit.personal import mask_personal

from .models import Matter, Passage, Step
from .typed import passage_seal

SALT_BYTES = 16


def step_hash(step: Step) -> str:
    """Return the hash that `step` must carry.

    **Source:** `architecture.md` §5 (steps).
    """
    return digest(canonical(_said(step)), settings.QIZHI.digest)


def _said(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "matter": step.matter_id,
        "seq": step.seq,
        "transition": step.transition,
        "from": step.from_state,
        "to": step.to_state,
        "at": step.at,
        "actor_kind": step.actor_kind,
        "actor": step.actor_id,
        "role": step.role,
        "unit": step.unit_id,
        "unit_name": step.unit_name,
        "inputs": step.inputs,
        "outcome": step.outcome,
        "is_public": step.is_public,
        "previous": step.previous_hash,
    }


def text_digest(salt: bytes, text: str) -> str:
    """Return the salted digest under which a step refers to a text.

    The salt is as secret as the text and is erased with it, so that a short text cannot be guessed from what stays.
    """
    return hashlib.sha256(bytes(salt) + text.encode()).hexdigest()


def facts_digest(matter: Matter) -> str:
    """Return the digest by which the first step fixes what was said when the matter was opened."""
    said = canonical(
        {"title": matter.title, "text": matter.text, "region": matter.region_code, "address": matter.address}
    )
    return hashlib.sha256(bytes(matter.salt) + said).hexdigest()


def new_salt() -> bytes:
    """Return fresh random bytes."""
    return os.urandom(SALT_BYTES)


def passage(step: Step, field: str, text: str, *, is_public: bool) -> Passage:
    """Return the unsaved passage that keeps `text`, and note its digest in the step's inputs.

    In what a citizen writes personal data is masked; the words as they were typed are sealed beside it.
    """
    shown = mask_personal(text) if step.actor_kind == ActorKind.CITIZEN else text
    salt = new_salt()
    step.inputs[field] = {"passage": text_digest(salt, shown)}
    kept = Passage(
        matter_id=step.matter_id, step=step, field=field, text=shown, salt=salt, is_public=is_public
    )
    if shown != text:
        passage_seal(kept, text)
    return kept
