"""The person who brings a matter: checked, sealed, found again by keyed hash, shown masked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit import identity, phones
from qizhi.kernel.kit.errors import QizhiError, Text
from qizhi.kernel.kit.keys import uuid7
from qizhi.kernel.kit.masking import mask_identity, mask_name, mask_phone
from qizhi.kernel.kit.sealing import lookup_hash, seal, unseal

from .models import Reporter

NAME_MAX = 40


@dataclass(frozen=True)
class ReporterFacts:
    """Who asks, as typed and checked; every field may be empty: nobody must give their name."""

    name: str = ""
    phone: str = ""
    identity: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.identity)


def reporter_clean(raw: Mapping[str, Any]) -> tuple[ReporterFacts | None, dict[str, list[Text]]]:
    """Return the checked facts (None when all are empty) and what is wrong by field."""
    wrong: dict[str, list[Text]] = {}
    values = {name: str(raw.get(name) or "").strip() for name in ("name", "phone", "identity")}
    for name in raw:
        if name not in values:
            wrong[str(name)[:40]] = [_("没有这一项。")]
    if len(values["name"]) > NAME_MAX:
        wrong["name"] = [_("姓名太长，最多40字。")]
    for name, normalise in (("phone", phones.normalise), ("identity", _identity)):
        try:
            values[name] = normalise(values[name]) if values[name] else ""
        except QizhiError as error:
            wrong[name] = [error.message]
    facts = ReporterFacts(**values)
    return (facts or None), wrong


def _identity(text: str) -> str:
    return identity.normalise(text, today=timezone.localdate())


def reporter_new(facts: ReporterFacts) -> Reporter:
    """Return the unsaved reporter with everything personal sealed under the row's own key."""
    key = uuid7()
    return Reporter(
        id=key,
        name_sealed=seal(facts.name, key, "name") if facts.name else b"",
        phone_sealed=seal(facts.phone, key, "phone") if facts.phone else b"",
        phone_key=lookup_hash("phone", facts.phone) if facts.phone else "",
        identity_sealed=seal(facts.identity, key, "identity") if facts.identity else b"",
        identity_key=lookup_hash("identity", facts.identity) if facts.identity else "",
    )


def reporter_facts(reporter: Reporter) -> ReporterFacts:
    """Return the facts in clear. The caller has checked the right and logged the reason (`accounts.unmasking`)."""

    def opened(field: str) -> str:
        sealed = bytes(getattr(reporter, f"{field}_sealed"))
        return unseal(sealed, reporter.id, field) if sealed else ""

    return ReporterFacts(name=opened("name"), phone=opened("phone"), identity=opened("identity"))


def reporter_masked(reporter: Reporter | None) -> ReporterFacts:
    """Return the facts as lists and pages show them: 张*明, 138****5678, 610***…1234."""
    if reporter is None:
        return ReporterFacts()
    facts = reporter_facts(reporter)
    return ReporterFacts(
        name=mask_name(facts.name) if facts.name else "",
        phone=mask_phone(facts.phone) if facts.phone else "",
        identity=mask_identity(facts.identity) if facts.identity else "",
    )
