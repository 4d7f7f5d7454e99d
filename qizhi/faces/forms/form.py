"""The form itself: a Django form with fields for each declared input, and a row for each input to show it by."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.errors import QizhiError, Text
from qizhi.kernel.loop.inputs import FILES_MAX
from qizhi.kernel.loop.models import Attachment, Matter
from qizhi.kernel.modes.schema import Input, InputType, Mode, Transition, Words

from .choices import Group, category_choices, plain_choices, region_choices, unit_choices

REPORTER_PARTS = ("name", "phone", "identity")
SCORE_MAX = 5
RADIO_MAX = 6
LONG_LIST = 12
SHORT_TEXT = 1000
KEPT = "_kept"
_WITH_PARTS = frozenset({InputType.REPORTER, InputType.POINT})

_PART_TITLES = {"name": _("姓名"), "phone": _("电话"), "identity": _("身份证号")}
_PART_ATTRS = {
    "name": {"autocomplete": "name"},
    "phone": {"autocomplete": "tel", "inputmode": "tel"},
    "identity": {"autocomplete": "off", "inputmode": "text"},
}


class TransitionForm(forms.Form):
    """A form for one transition.

    Nothing is required and nothing is checked here: the loop judges all inputs at once, and `take` brings its
    sentences back to their fields. Iterate `rows` to show it. `files` become drafts in `raw`, once.
    """

    def __init__(
        self,
        transition: Transition,
        *,
        mode: Mode,
        actor: Actor,
        matter: Matter | None = None,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        leave_out: Collection[str] = (),
        reporter_parts: Sequence[str] = REPORTER_PARTS,
    ) -> None:
        self.transition, self.mode, self.actor, self.matter = transition, mode, actor, matter
        self.reporter_parts = tuple(reporter_parts)
        self.declared = [one for one in transition.inputs if one.name not in leave_out]
        self.refusal: QizhiError | None = None
        # ids of drafts in the order of the form, filled by `raw`
        self.drafts: dict[str, list[uuid.UUID]] = {}
        self.language = get_language() or "zh-hans"
        super().__init__(data, files, initial=dict(initial or {}), auto_id=f"{transition.name}_%s")
        for one in self.declared:
            self._add(one)

    def _add(self, one: Input) -> None:
        match one.type:
            case InputType.POINT:
                for part in ("lon", "lat"):
                    self.fields[f"{one.name}_{part}"] = forms.Field(required=False, widget=forms.HiddenInput)
            case InputType.REPORTER:
                for part in self.reporter_parts:
                    widget = forms.TextInput(attrs={"class": "form-control", **_PART_ATTRS[part]})
                    self.fields[f"{one.name}_{part}"] = forms.Field(
                        required=False, widget=widget, label=_PART_TITLES[part]
                    )
            case _:
                self.fields[one.name] = forms.Field(
                    required=False,
                    widget=_widget(one),
                    label=self.say(one.title),
                    help_text=self.say(one.help),
                    initial=self.initial.get(one.name, one.default),
                )

    def say(self, words: Words | None) -> str:
        """Return a text of the pack in the reader's language."""
        return words.say(self.language) if words else ""

    @cached_property
    def rows(self) -> list["Row"]:
        """One row for each declared input, in order."""
        return [Row(self, one) for one in self.declared]

    def row(self, name: str) -> "Row":
        """Return the row of the input `name`.

        Raises:
            KeyError: the form does not ask for it.
        """
        return {row.name: row for row in self.rows}[name]

    def values_of(self, name: str) -> list[str]:
        """Return what was typed or chosen under `name`, or what the form begins with."""
        if isinstance(self.data, QueryDict) and self.is_bound:
            found: Any = self.data.getlist(name)
        elif self.is_bound:
            found = self.data.get(name)
        else:
            found = self.initial.get(name, self.fields[name].initial if name in self.fields else None)
        several = found if isinstance(found, list | tuple) else [found]
        return [str(one) for one in several if one not in (None, "")]

    def take(self, error: QizhiError) -> None:
        """Show what was refused: each sentence at its field, the rest at the top. What was typed stays."""
        self.refusal = error
        placed = False
        for name, sentences in error.fields.items():
            field = self._field_of(name)
            placed = placed or field is not None
            for said in sentences:
                self.say_wrong(
                    field, said if field else gettext("%(name)s：%(said)s") % {"name": name, "said": said}
                )
        if not placed:
            self.say_wrong(None, error.message)

    def say_wrong(self, field: str | None, said: Text) -> None:
        """Put one sentence at a field, or at the top."""
        self.is_valid()
        self.add_error(field, str(said))

    def _field_of(self, name: str) -> str | None:
        flat = name.replace(".", "_")
        for candidate in (flat, f"{flat}_lon", f"{flat}_name"):
            if candidate in self.fields:
                return candidate
        return None

    @property
    def wrong_rows(self) -> list["Row"]:
        """The rows at which something is wrong, for the summary above the form."""
        return [row for row in self.rows if row.errors]


def _widget(one: Input) -> forms.Widget:
    attrs: dict[str, Any] = {"class": "form-control"}
    if one.required:
        attrs["required"] = True
    match one.type:
        case InputType.TEXT:
            return forms.Textarea(attrs={**attrs, "rows": 5 if (one.max or 0) > SHORT_TEXT else 3})
        case InputType.DATE:
            return forms.DateInput(attrs={**attrs, "type": "date"})
        case InputType.INTEGER:
            return forms.NumberInput(attrs={**attrs, "min": 1, **({"max": one.max} if one.max else {})})
        case InputType.MATTER:
            return forms.TextInput(attrs={**attrs, "autocomplete": "off", "placeholder": "SQ-2026-000001"})
        case _:
            return forms.TextInput(attrs={**attrs, "autocomplete": "off"})


_TEMPLATES = {
    InputType.CATEGORY: "pick",
    InputType.BOOLEAN: "boolean",
    InputType.REGION: "region",
    InputType.POINT: "point",
    InputType.UNIT: "pick",
    InputType.UNITS: "units",
    InputType.FILES: "files",
    InputType.REPORTER: "reporter",
}


@dataclass(frozen=True)
class Row:
    """One declared input as a page shows it; `template` is the fragment that does."""

    form: TransitionForm
    declared: Input

    @property
    def name(self) -> str:
        """The name of the input."""
        return self.declared.name

    @property
    def id(self) -> str:
        """The id of its first control."""
        part = {InputType.REPORTER: "_name"}.get(self.declared.type, "")
        return str(self.form.auto_id) % f"{self.name}{part}"

    @property
    def title(self) -> str:
        """What it is called."""
        return self.form.say(self.declared.title)

    @property
    def help(self) -> str:
        """What helps to fill it in."""
        return self.form.say(self.declared.help)

    @property
    def template(self) -> str:
        """The fragment that shows this type of input."""
        kind = _TEMPLATES.get(self.declared.type, "line")
        if self.declared.type is InputType.CHOICE:
            kind = "radio" if len(self.declared.choices) <= RADIO_MAX else "pick"
        if self.declared.type is InputType.INTEGER and (self.declared.max or 0) == SCORE_MAX:
            kind = "score"
        return f"kit/inputs/_{kind}.html"

    @property
    def bound(self) -> BoundField:
        """The Django field of a plain input."""
        return self.form[self.name]

    @property
    def parts(self) -> list[BoundField]:
        """The Django fields of an input with several parts: a person, a point."""
        names = self.form.reporter_parts if self.declared.type is InputType.REPORTER else ("lon", "lat")
        return [self.form[f"{self.name}_{part}"] for part in names]

    @property
    def values(self) -> list[str]:
        """What was chosen."""
        return self.form.values_of(self.name)

    @property
    def region_id(self) -> str:
        """The id of the form's list of places, which a map follows; empty when there is none."""
        return next((row.id for row in self.form.rows if row.declared.type is InputType.REGION), "")

    @property
    def value(self) -> str:
        """What was chosen, where it can be one thing only."""
        return next(iter(self.values), "")

    @property
    def scores(self) -> Iterator[str]:
        """The scores from 1 on."""
        return (str(number) for number in range(1, (self.declared.max or SCORE_MAX) + 1))

    @cached_property
    def groups(self) -> list[Group]:
        """What may be chosen."""
        form = self.form
        match self.declared.type:
            case InputType.CHOICE:
                return plain_choices(self.declared, form.language)
            case InputType.CATEGORY:
                return category_choices(form.mode, form.language)
            case InputType.REGION:
                return region_choices(form.actor)
            case _:
                return unit_choices(self.declared, form.matter)

    @property
    def is_long(self) -> bool:
        """Whether there is so much to choose from that a search line helps."""
        return sum(len(group.options) for group in self.groups) > LONG_LIST

    @property
    def errors(self) -> list[str]:
        """What is wrong with it, in sentences."""
        names = [
            field for field in self.form.fields if field == self.name or field.startswith(f"{self.name}_")
        ]
        own = [name for name in names if name == self.name or self.declared.type in _WITH_PARTS]
        return [str(said) for name in own for said in self.form.errors.get(name, [])]

    @property
    def most(self) -> int:
        """How many files it takes."""
        return self.declared.max or FILES_MAX

    @cached_property
    def kept(self) -> list[Attachment]:
        """The drafts that were handed in with an earlier try, in their order."""
        keys = self.form.drafts.get(self.name, [])
        found = Attachment.objects.filter(
            pk__in=keys, step=None, uploaded_by=self.form.actor.user_id
        ).in_bulk()
        return [found[key] for key in keys if key in found]

    @property
    def kept_name(self) -> str:
        """The name under which drafts are carried along."""
        return f"{self.name}{KEPT}"

    @property
    def too_large(self) -> str:
        """The sentence for a file over the limit; scripts put its name in."""
        return gettext("“{name}”超过 20 MB，没有选上。请压缩后再选。")

    @property
    def too_many(self) -> str:
        """The sentence for one file too many."""
        return gettext("最多 %(most)d 个文件，多出来的没有选上。") % {"most": self.most}


def form_for(
    transition: Transition,
    *,
    mode: Mode,
    actor: Actor,
    matter: Matter | None = None,
    data: Mapping[str, Any] | None = None,
    files: MultiValueDict[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    leave_out: Collection[str] = (),
    reporter_parts: Sequence[str] = REPORTER_PARTS,
) -> TransitionForm:
    """Return the form of `transition`.

    Arguments:
        mode: the mode that the matter runs under, for its categories.
        matter: None while opening one.
        data, files: what was sent (`request.POST`, `request.FILES`); without data the form begins empty.
        initial: values to begin with, by the names of inputs.
        leave_out: inputs that this face does not ask for.
        reporter_parts: which of ``name``, ``phone``, ``identity`` to ask for.
    """
    return TransitionForm(
        transition,
        mode=mode,
        actor=actor,
        matter=matter,
        data=data,
        files=files,
        initial=initial,
        leave_out=leave_out,
        reporter_parts=reporter_parts,
    )
