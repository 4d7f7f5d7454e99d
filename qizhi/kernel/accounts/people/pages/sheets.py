"""A list of staff as a file: the empty form, the check, the confirmation."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qizhi.kernel.kit.errors import QizhiError, TooLarge

from ...middleware import ActorRequest
from ..forms import ConfirmForm, StaffListForm
from ..planning import Line, Verdict, pack, staff_plan, unpack
from ..sheets import HEADERS, OPTIONAL, passwords_sheet, staff_read, staff_template
from ..taking import staff_take
from .door import UNPROCESSABLE, keeper, refused

BYTES_MAX = 2 * 1024 * 1024


@require_safe
@keeper
def staff_form(request: ActorRequest) -> StreamingHttpResponse:  # noqa: ARG001 - a view's signature
    """Give the empty form."""
    return staff_template()


@require_http_methods(["GET", "HEAD", "POST"])
@keeper
def staff_check(request: ActorRequest) -> HttpResponse:
    """Take a file and show what would come of each row; nothing is changed yet."""
    form = StaffListForm(
        *(request.POST, request.FILES) if request.method == "POST" else (None, None),
    )
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > BYTES_MAX:
                raise TooLarge(_("文件超过 2 MB，没有导入。请删去多余的内容，或者分几次导入。"))
            rows = staff_read(file)
            lines = staff_plan(request.actor, rows)
        except QizhiError as error:
            status = refused(form, error)
        else:
            confirm = ConfirmForm(initial={"rows": pack(request.actor, rows)})
            return render(request, "accounts/people/checked.html", {"form": confirm, **_told(lines)})
    columns = [(header, name not in OPTIONAL) for name, header in HEADERS.items()]
    return render(request, "accounts/people/import.html", {"form": form, "columns": columns}, status=status)


@require_POST
@keeper
@sensitive_variables("made")
def staff_confirm(request: ActorRequest) -> HttpResponse:
    """Take the rows that were checked; the answer shows the one-time passwords, and nothing else ever does.

    Raises:
        StaffListExpired: the rows are not those that this administrator had checked within the last hour.
    """
    rows = unpack(request.actor, request.POST.get("rows", ""))
    lines, made = staff_take(request.actor, rows, request.POST.get("reason", "").strip())
    sheet = passwords_sheet(made) if made else ""
    return render(request, "accounts/people/taken.html", {"made": made, "sheet": sheet, **_told(lines)})


def _told(lines: list[Line]) -> dict[str, object]:
    """Return the lines by what comes of them."""
    found = {verdict.value: [line for line in lines if line.verdict is verdict] for verdict in Verdict}
    return {"lines": found, "takes": len(found["new"]) + len(found["post"])}
