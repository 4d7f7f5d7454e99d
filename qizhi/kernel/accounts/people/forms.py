"""The forms of the administrator; what may be said is judged by the actions, and shown here beside its field."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import QizhiError, Text

from ..scope import Actor
from ..unmasking import LONGEST_REASON
from .actions import name_allowed, username_allowed
from .choices import Groups, place_choices, role_choices, unit_choices

CHOOSE: tuple[str, Text] = ("", _("请选择"))
NO_PLACE: tuple[str, Text] = ("", _("不缩小，管单位的全部范围"))
LONG_LIST = 24
LIST_SIZE = 7


class KeeperForm(forms.Form):
    """A form in the common look, to which an error of an action can be given back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.widget.attrs["class"] = _look(field.widget)
            if isinstance(field, forms.CharField | forms.ChoiceField | forms.DateField):
                field.error_messages["required"] = str(_("请填写这一项。"))

    def take(self, error: QizhiError) -> None:
        """Show what an action refused, each sentence at its field, the rest above the form."""
        placed = False
        for name, said in error.fields.items():
            if name in self.fields:
                placed = True
                self.add_error(name, [str(one) for one in said])
        if not placed:
            self.add_error(None, str(error.message))


class PostForm(KeeperForm):
    """Unit, role, place and first day of a post."""

    unit = forms.ChoiceField(label=_("单位"))
    role = forms.ChoiceField(label=_("岗位"))
    since_on = forms.DateField(
        label=_("到岗日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.ChoiceField(label=_("网格或区划"), required=False, help_text=_("一般不选。"))
    reason = forms.CharField(
        label=_("依据"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("例如任职文件的文号，会留在记录里。"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "unit", [("", [CHOOSE]), *unit_choices(actor)])
        _offer(self, "role", [("", [CHOOSE, *role_choices()])])
        _offer(self, "place", [("", [NO_PLACE]), *place_choices(actor)])
        self.fields["since_on"].initial = timezone.localdate()
        self.fields["since_on"].error_messages["invalid"] = str(_("日期写成 2026-11-24 这样。"))


class PersonForm(PostForm):
    """A new account with its first post."""

    username = forms.CharField(
        label=_("账号"),
        max_length=80,
        help_text=_("登录用的名字，建好以后不能改：小写字母、数字和 . _ - @，3 个字以上。"),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    name = forms.CharField(
        label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_username(self) -> str:
        """Return the name of the account as it is kept.

        Raises:
            ValidationError: it cannot be taken.
        """
        return _judged(username_allowed, self.cleaned_data["username"])

    def clean_name(self) -> str:
        """Return the person's name as it is kept.

        Raises:
            ValidationError: it cannot be taken.
        """
        return _judged(name_allowed, self.cleaned_data["name"])


class ReasonForm(KeeperForm):
    """Why; and, where somebody would be missed, that it is meant all the same."""

    reason = forms.CharField(label=_("事由"), max_length=LONGEST_REASON)
    sure = forms.BooleanField(label=_("仍要办理，我会尽快安排接手的人"), required=False)

    def __init__(self, *args: Any, needs_reason: bool = True, asks_sure: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason
        self.fields["reason"].help_text = _("会留在访问记录里。")
        if not asks_sure:
            del self.fields["sure"]


class RenameForm(ReasonForm):
    """The right name."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    field_order = ("name", "reason")


class EndForm(ReasonForm):
    """The last day of a post."""

    until_on = forms.DateField(
        label=_("最后在岗日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("这一天结束后不再有这个岗位；要马上失效，填昨天。"),
    )
    field_order = ("until_on", "reason", "sure")


class StaffListForm(KeeperForm):
    """A list of staff."""

    file = forms.FileField(
        label=_("人员名单"),
        help_text=_("Excel（xlsx）或 CSV 文件，不超过 2 MB，一次最多 1000 人。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("请选择文件。"), "empty": _("这个文件是空的。")},
    )


class ConfirmForm(KeeperForm):
    """The list that was checked, carried along, and why the people are taken."""

    rows = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("依据"), required=False, max_length=LONGEST_REASON)


def _judged(rule: Callable[[str], str], said: str) -> str:
    """Return what `rule` makes of a value, its refusal in the form's own kind."""
    try:
        return rule(said)
    except QizhiError as error:
        raise forms.ValidationError(str(error.message)) from error


def _offer(form: forms.Form, name: str, groups: Groups) -> None:
    """Let a field choose from groups; a long list gets more lines, above which the page puts a line to search in."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
    choices: list[Any] = []
    for title, options in groups:
        choices += [(title, options)] if title else options
    field.choices = choices
    if sum(len(options) for _title, options in groups) > LONG_LIST:
        field.widget.attrs["size"] = str(LIST_SIZE)


def _look(widget: forms.Widget) -> Text:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
