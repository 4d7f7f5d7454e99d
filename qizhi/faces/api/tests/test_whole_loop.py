"""The whole loop by the API alone: a citizen says it, two units answer, it is not good enough, then it is."""

import pytest

from qizhi.kernel.loop.audit import matter_break
from qizhi.kernel.loop.models import Matter
from qizhi.testing.program import Program
from qizhi.testing.world import TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

CATEGORY = "housing_construction.municipal_facilities"


class Story:
    """One matter, moved by programs that each act for one post; the version seen last goes with every step."""

    def __init__(self):
        self.programs = {}
        said = Program().post(
            "public/matters",
            {"kind": "request", "text": "东街小学门口的井盖松动，孩子上学容易绊倒。", "region": VILLAGE},
            key="say-it",
        )
        assert said.status_code == 201
        self.number, self.code = said.json()["number"], said.json()["query_code"]
        self.version = said.json()["version"]

    def staff(self, who, name, **inputs):
        """Take a step as a member of staff, offered to them with a schema before."""
        program = self.programs.setdefault(who, Program(who))
        offered = program.get(f"matters/{self.number}/transitions").json()
        assert name in {step["name"] for step in offered["items"]}, (who, name)
        return self._taken(
            program.post(f"matters/{self.number}/transitions/{name}", inputs, version=offered["version"])
        )

    def citizen(self, name, **inputs):
        """Take one of the reporter's own steps."""
        path = f"public/matters/{self.number}/transitions/{name}"
        return self._taken(Program().post(path, inputs, query_code=self.code, version=self.version))

    def rate(self, **body):
        """Rate the answer."""
        return self._taken(Program().post(f"public/matters/{self.number}/rating", body, query_code=self.code))

    def seen(self):
        """Return what the citizen sees."""
        return Program().get(f"public/matters/{self.number}", query_code=self.code).json()

    def _taken(self, answer):
        assert answer.status_code == 200, answer.content.decode()
        self.version = answer.json()["version"]
        return answer.json()["state"]


def test_from_the_first_word_to_the_public_end():
    story = Story()
    centre, lead, help_ = f"dispatcher@{TOWN}", f"handler@{TOWN}", "handler.zhujian@610323"
    assert story.seen()["state_title"] == "已登记"
    assert story.staff(centre, "triage", category=CATEGORY, difficulty="general") == "triaged"
    assert story.staff(centre, "dispatch", lead_unit=f"tg-{TOWN}", assist_units=["zhujian"]) == "dispatched"
    assert story.staff(lead, "accept", contacted=True) == "accepted"
    assert story.staff(lead, "start") == "in_progress"
    assert story.staff(lead, "ask_reporter", question="在学校哪个门？") == "suspended"
    assert story.seen()["steps"][-1]["texts"][0]["value"] == "在学校哪个门？"
    assert story.citizen("answer", answer="北门。") == "in_progress"
    assert story.staff(help_, "assist_answer", answer="已提供同型号井盖。") == "in_progress"
    assert story.staff(lead, "conclude", result="solved", conclusion="已更换。") == "concluded"
    assert story.staff(lead, "reply", reply="井盖已更换，请您监督。") == "replied"
    assert story.rate(satisfied=False, score=2, comment="还是有响声。") == "reopened"
    assert story.staff(lead, "start") == "in_progress"
    assert story.staff(lead, "conclude", result="solved", conclusion="已加装垫圈。") == "concluded"
    assert story.staff(lead, "reply", reply="已加装垫圈。") == "replied"
    assert story.staff(f"revisit@{TOWN}", "revisit", way="phone", satisfaction="satisfied") == "revisited"
    assert story.staff(f"revisit@{TOWN}", "archive") == "archived"
    seen = story.seen()
    assert (seen["is_open"], seen["was_on_time"], seen["state_title"]) == (False, True, "已归档")
    assert matter_break(Matter.objects.get(number=story.number)) is None


def test_a_wrong_dispatch_is_objected_to_and_given_to_another_unit():
    story = Story()
    centre, lead = f"dispatcher@{TOWN}", f"handler@{TOWN}"
    story.staff(centre, "escalate", reason="属县住建局职责。")
    county = "dispatcher@610323"
    story.staff(county, "triage", category=CATEGORY, difficulty="simple")
    story.staff(county, "dispatch", lead_unit="shengtai")
    assert (
        story.staff("handler.shengtai@610323", "object", reason="不归我们。", basis="职责清单") == "objected"
    )
    assert story.staff(county, "uphold", ruling="改由住建局办理。") == "triaged"
    story.staff(county, "dispatch", lead_unit="zhujian")
    assert Program("handler.shengtai@610323").get(f"matters/{story.number}").status_code == 404
    assert story.staff("handler.zhujian@610323", "accept", contacted=False) == "accepted"
    legs = Program(county).get(f"matters/{story.number}").json()["legs"]
    assert [leg["level"] for leg in legs] == ["town", "county"]
    assert Program(lead).get(f"matters/{story.number}").status_code == 404


def test_more_time_is_asked_for_granted_and_explained():
    story = Story()
    centre, lead = f"dispatcher@{TOWN}", f"handler@{TOWN}"
    story.staff(centre, "triage", category=CATEGORY, difficulty="general")
    story.staff(centre, "dispatch", lead_unit=f"tg-{TOWN}")
    story.staff(lead, "accept", contacted=True)
    before = story.seen()["due_at"]
    story.staff(lead, "extension_ask", term="wd5", reason="等材料。")
    story.staff(centre, "extension_grant")
    after = story.seen()
    assert after["due_at"] > before
    assert any("批准延长5个工作日" in line for line in after["due_lines"])
