"""From a form that was sent to the raw values that the loop wants."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.loop.actions import attachment_draft
from qizhi.kernel.loop.models import Attachment
from qizhi.kernel.modes.schema import Input, InputType

from .form import KEPT, TransitionForm


def raw(form: TransitionForm) -> dict[str, Any]:
    """Return what was typed, by the names of the declared inputs, as `matter_open` and `fire` want it.

    Files are stored as drafts at the first call, each on its own: a file that is refused leaves its sentence at the
    field and takes no other with it. Look at `form.errors` before going on.
    """
    return {one.name: _value(form, one) for one in form.declared}


def _value(form: TransitionForm, one: Input) -> Any:
    match one.type:
        case InputType.FILES:
            return _files(form, one)
        case InputType.UNITS:
            return form.values_of(one.name)
        case InputType.BOOLEAN:
            return bool(form.values_of(one.name))
        case InputType.POINT:
            return _parts(form, one, ("lon", "lat"))
        case InputType.REPORTER:
            return _parts(form, one, form.reporter_parts)
        case _:
            return next(iter(form.values_of(one.name)), None)


def _parts(form: TransitionForm, one: Input, names: tuple[str, ...]) -> dict[str, str] | None:
    found = {part: next(iter(form.values_of(f"{one.name}_{part}")), "").strip() for part in names}
    return found if any(found.values()) else None


def _files(form: TransitionForm, one: Input) -> list[uuid.UUID]:
    if one.name not in form.drafts:
        form.drafts[one.name] = _kept(form, one)
        for file in form.files.getlist(one.name) if form.files else []:
            try:
                draft = attachment_draft(file=file, name=file.name or "", actor=form.actor)
            except QizhiError as error:
                form.say_wrong(one.name, _("“%(name)s”：%(why)s") % {"name": file.name, "why": error.message})
            else:
                form.drafts[one.name].append(draft.pk)
    return form.drafts[one.name]


def _kept(form: TransitionForm, one: Input) -> list[uuid.UUID]:
    """Return the drafts of earlier tries that were carried along and still wait; others are left out."""
    keys = [key for text in form.values_of(f"{one.name}{KEPT}") if (key := _uuid(text))]
    waiting = Attachment.objects.filter(pk__in=keys, step=None, uploaded_by=form.actor.user_id)
    there = set(waiting.values_list("pk", flat=True)) if keys else set()
    return [key for key in dict.fromkeys(keys) if key in there]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
