"""Erasing what is held about the person who brought a matter; the matter and its history stay, without a person."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.accounts.access import access_add
from qizhi.kernel.accounts.errors import ReasonNeeded
from qizhi.kernel.accounts.models import Access
from qizhi.kernel.kit.prepared import update

from .errors import MatterNotFound, NeedNotMet
from .models import Matter, Passage, Reporter


def reporter_erase(*, number: str, reason: str, at: datetime | None = None) -> int:
    """Erase name, telephone and identity number of the matter's reporter, and the words that had to be masked.

    Arguments:
        number: the matter's number; the whole installation is looked through, so callers act for the installation.
        reason: why, kept in the access log.
        at: the moment; now, unless a past is being replayed.

    Returns:
        How many sealed texts were emptied beside the person.

    Raises:
        ReasonNeeded: no reason was given.
        MatterNotFound: no such matter.
        NeedNotMet: the matter is still open: the answer could not reach the person any more.

    **Source:** PIPL art. 47; `architecture.md` §7.
    """
    moment, stated = at or timezone.now(), reason.strip()
    if not stated:
        raise ReasonNeeded(_("请写明删除的事由，没有任何改动。"))
    with transaction.atomic():
        matter = Matter.objects.select_for_update().filter(number=number).first()
        if matter is None:
            raise MatterNotFound
        if matter.is_open:
            raise NeedNotMet(
                _("事项还没有办完，删除联系方式后就无法答复群众，没有任何改动。请办结后再删除。")
            )
        if matter.reporter_id is not None:
            _empty(matter.reporter_id, moment)
        emptied = _empty_words(matter)
        access_add(Access.Event.ERASED, subject=matter.number, reason=stated, at=moment)
    return emptied


def _empty(reporter_id: object, moment: datetime) -> None:
    sealed = {f"{field}_sealed": b"" for field in ("name", "phone", "identity")}
    update(Reporter, {**sealed, "phone_key": "", "identity_key": "", "erased_at": moment}, id=reporter_id)


def _empty_words(matter: Matter) -> int:
    """Empty the sealed originals of masked texts; what is shown of them is masked, and stays."""
    emptied = 0
    if matter.text_sealed:
        emptied += update(Matter, {"text_sealed": b""}, id=matter.pk)
    for key in Passage.objects.filter(matter=matter).exclude(text_sealed=b"").values_list("pk", flat=True):
        emptied += update(Passage, {"text_sealed": b""}, id=key)
    return emptied
