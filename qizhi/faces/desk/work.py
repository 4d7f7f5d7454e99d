"""“我的今天”: what waits for me, the latest first that is late, with the one thing to do beside each."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qizhi.faces.words import said
from qizhi.kernel.accounts.access import may_read_access
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.people.policy import may_read as may_read_people
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.loop.queries.worklist import Section, my_work
from qizhi.kernel.modes.store import current
from qizhi.kernel.notices.queries import notices_of
from qizhi.kernel.regions.queries import gazetteer

from .door import opening_kinds, staff
from .matters_list import list_url
from .rows import Row, rows_with_steps

NOTICES_SHOWN = 6
TITLES = {
    "overdue": gettext_lazy("已超期"),
    "soon": gettext_lazy("24 小时内到期"),
    "decide": gettext_lazy("待审核"),
    "assist": gettext_lazy("待协办"),
}
TONES = {"overdue": "warn", "soon": "wait", "decide": "wait"}


@dataclass(frozen=True)
class Heap:
    """One section of the page: its title, how many there are, and the first of them."""

    key: str
    title: str
    tone: str
    count: str
    rows: list[Row]

    @property
    def has_more(self) -> bool:
        """Whether there is more than is shown."""
        return self.count != str(len(self.rows))


@dataclass(frozen=True)
class Way:
    """A way on, for posts that have no work of their own."""

    title: str
    words: str
    url: str
    icon: str


@require_safe
@staff
def work(request: ActorRequest) -> HttpResponse:
    """Show my work; those who have none by their posts get the ways that they use."""
    actor = request.actor
    sections = my_work(actor)
    context = {
        "heaps": heaps(sections, actor),
        "has_work": has_work(actor),
        "ways": ways(actor),
        "notices": list(notices_of(actor).filter(read_at=None)[:NOTICES_SHOWN]),
        "may_open": bool(opening_kinds(actor)),
    }
    return render(request, "desk/work.html", context)


def heaps(sections: list[Section], actor: Actor) -> list[Heap]:
    """Return the sections with their rows; two queries for all of them."""
    shown = [matter for section in sections for matter in section.items]
    rows = {row.matter.pk: row for row in rows_with_steps(shown, actor)}
    return [
        Heap(
            key=section.key,
            title=str(TITLES.get(section.key) or said(section.title)),
            tone=TONES.get(section.key, "busy"),
            count=f"{section.count}+" if section.is_cut else str(section.count),
            rows=[rows[matter.pk] for matter in section.items],
        )
        for section in sections
    ]


def has_work(actor: Actor) -> bool:
    """Tell whether some post of the actor takes main steps at all."""
    roles = {
        role
        for kind in current().kinds.values()
        for step in kind.transitions.values()
        if step.tone == "main"
        for role in step.by
    }
    return actor.may_write and bool(roles & actor.roles)


def ways(actor: Actor) -> list[Way]:
    """Return where the actor may look: the numbers and lists of each place seen whole, and the log of access."""
    found = []
    for code in actor.regions:
        place = gazetteer().by_code[code].name if code in gazetteer().by_code else code
        found += [
            Way(_("%(place)s情况") % {"place": place}, _("各处有多少、按不按时、群众满不满意"),
                f"{reverse('county')}?region={code}", "chart-bar"),
            Way(_("%(place)s已超期") % {"place": place}, _("最晚的排在最前"),
                list_url(region=code, overdue=True), "alert-triangle"),
            Way(_("%(place)s全部事项") % {"place": place}, _("按登记时间，新的在前"),
                list_url(region=code), "list"),
        ]  # fmt: skip
    if not actor.regions:
        found.append(Way(_("本单位全部事项"), _("交给本单位的和本人登记的"), list_url(), "list"))
    if may_read_people(actor):
        found.append(Way(_("人员"), _("谁在什么岗位，账号怎么样了"), reverse("accounts_people"), "users"))
    if may_read_access(actor):
        found.append(
            Way(_("访问记录"), _("谁登录、谁查看了个人信息、谁导出"), reverse("accounts_access"), "lock")
        )
    return found
