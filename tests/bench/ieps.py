"""Writing an IEP with a text in each field: opening a section, an autosave, a look at who else is there."""

import json
import time
from collections.abc import Callable
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlencode

from ieps.actions import start_draft
from ieps.models import Iep, SectionText
from ieps.saving import token_of
from ieps.written import chapters_of
from organizations.models import District
from security import scope
from security.actions.assign import assign
from security.models import User
from security.rules.roles import Role
from students.models import Student, StudentAccess
from tests.bench.generated import use
from tests.bench.measure import Result, report
from tests.bench.pages import answers, served, signed_in
from tests.bench.urls import BARE
from tests.factories import sign_for

TITLE = "Writing an IEP"
GOALS = {"autosave": 25.0, "opening": 60.0, "who is there": 15.0}  # ms at the server, one user
REQUESTS = 60
TEXT = "Reads maps well and explains them to others, once there is time to look. " * 12
TOKEN = "x" * 32  # of the cookie and of the form


def run(students: int) -> int:
    """Measure at a generated state of this many students; 0 when every goal is kept."""
    use(students)
    person = author()
    iep, cookie = draft_of(person), f"{signed_in(person)}; csrftoken={TOKEN}"
    with served() as port:
        opening = [result(port, f"opening {name}", "opening", gets(port, cookie, f"ieps/{iep.pk}/{name}/"))
                   for name in ("GSI", "INS", "PLC")]  # fmt: skip
        saving = result(port, "an autosave of one field", "autosave", saves(port, cookie, person, iep))
        there = gets(port, cookie, f"ieps/{iep.pk}/GSI/here/?in=GSI,INS,PLC")
        looking = result(port, "who is in which section", "who is there", there)
    results = [*opening, saving, looking]
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(each.reached for each in results) else 1


def author() -> User:
    """Made once, of the largest district; kept with the state."""
    person, new = User.objects.get_or_create(username="case_manager", defaults={"last_name": "Writes"})
    if new:
        district = District.objects.order_by("id")[0]
        assign(by=None, user=person, role=Role.IEP_AUTHOR, district=district, iep_forms=True)
        sign_for(person)
    return person


def draft_of(person: User) -> Iep:
    """The person's draft, with a text in each field."""
    with scope.of(person):
        if found := Iep.objects.drafts().filter(author=person).first():
            return found
        here = StudentAccess.objects.current().filter(district=District.objects.order_by("id")[0])
        draft = start_draft(by=person, student=Student.objects.get(pk=here.first().student_id), kind="REV")
        texts = [
            SectionText(iep=draft, section=chapter.section, field=entry.key, text=TEXT, saved_by=person)
            for chapter in chapters_of(draft)
            for entry in chapter.entries
        ]
        SectionText.objects.bulk_create(texts, ignore_conflicts=True)  # what is filled in by itself stays
        return draft


def gets(port: int, cookie: str, path: str) -> Callable[[int], list[float]]:
    return lambda requests: answers(port, path, cookie, requests)


def saves(port: int, cookie: str, person: User, iep: Iep) -> Callable[[int], list[float]]:
    """Each save goes on where the one before ended."""
    with scope.of(person):
        stored = iep.texts.get(section="GSI", field="strengths")
    told = {"version": token_of({"@": person.pk, "strengths": stored.version})}

    def saved(requests: int) -> list[float]:
        connection, taken = HTTPConnection("127.0.0.1", port, timeout=60), []
        for _ in range(requests):
            typed = {"_changed": "strengths", "strengths": f"{TEXT}{time.time()}"}
            begun = time.perf_counter()
            told["version"] = _save(connection, f"/ieps/{iep.pk}/GSI/draft/", cookie, {**typed, **told})
            taken.append((time.perf_counter() - begun) * 1000)
        connection.close()
        return taken

    return saved


def _save(connection: HTTPConnection, path: str, cookie: str, typed: dict[str, str]) -> str:
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **typed}), headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return json.loads(body)["version"]


def result(port: int, what: str, kind: str, way: Callable[[int], list[float]]) -> Result:
    """In turns with the bare view, after a few rounds to warm up."""
    way(5)
    turns = [(answers(port, BARE, "", 5), way(5)) for _ in range(REQUESTS // 5)]
    bare, ours = (median(ms for turn in turns for ms in turn[side]) for side in (0, 1))
    return Result(what, bare, ours, f"≤ {GOALS[kind]:g} ms", ours <= GOALS[kind])
