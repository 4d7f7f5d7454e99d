"""Trying a form: read it, do what it asks, and bring a refusal back to where it was typed."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from qizhi.kernel.kit.errors import NotFound, QizhiError
from qizhi.kernel.loop.errors import BadInput
from qizhi.kernel.loop.inputs import Desk, clean

from .form import TransitionForm
from .reading import raw

Result = TypeVar("Result")
SERVER_FAULT = 500


def attempt(form: TransitionForm, call: Callable[[Mapping[str, Any]], Result]) -> Result | None:
    """Return what `call` makes of the raw values, or None when the form has to be shown again.

    After None the form holds what was typed, the sentences at their fields, and in `refusal` the error with its
    status. A fault of the server and a matter that is not there are no matter of the form and go on upwards.
    """
    values = raw(form)
    if form.errors:
        _check_the_rest(form, values)
        return None
    try:
        return call(values)
    except NotFound:
        raise
    except QizhiError as error:
        if error.status >= SERVER_FAULT:
            raise
        form.take(error)
        return None


def _check_the_rest(form: TransitionForm, values: Mapping[str, Any]) -> None:
    """A file was refused: say in the same answer what else cannot be taken."""
    desk = Desk(mode=form.mode, actor=form.actor, matter=form.matter)
    try:
        clean(form.transition, values, desk)
    except BadInput as error:
        form.take(error)
