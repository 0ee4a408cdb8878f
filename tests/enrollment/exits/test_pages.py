"""The pages after an exit, in the hands of the registrar and of the state."""

from datetime import date

import pytest
from django.urls import reverse

from enrollment import actions
from enrollment.models import (
    ContactAttempt,
    EnrollmentSettings,
    ExitPaper,
    SeatHold,
    SedsState,
    SupportRequest,
)
from organizations.models import SiteKind
from security import scope
from security.rules.roles import Role
from tests import factories as make
from tests.enrollment.exits.conftest import letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(dc, browse):
    return browse(dc.registrar)


@pytest.fixture
def state(state_person, browse):
    return browse(state_person)


def step(enrollment, name: str) -> str:
    return reverse("enrollment:after_step", args=[enrollment.pk, name])


def after(enrollment) -> str:
    return reverse("enrollment:after", args=[enrollment.pk])


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.rule("OSSE-R5.09", "OSSE-R5.10", "OSSE-R5.11")
def test_the_long_way_out_in_the_browser(registrar, state, left, now):
    gone = left("1966")
    assert "Ask for an administrative exit" not in text(registrar.get(after(gone)))
    registrar.post(step(gone, "attempt"), {"on": "Sep 4, 2026", "way": "PHONE", "result": "No answer"})
    registrar.post(step(gone, "notice"), {"issued_on": "Sep 10, 2026"})
    registrar.post(step(gone, "request"), {"words": "Please", "due_diligence": "One call"})
    with scope.system():
        asked = SupportRequest.objects.get(enrollment=gone)
    answer = {"deed": "answer", "state": "GRANTED", "words": "Granted."}
    state.post(reverse("enrollment:request", args=[asked.pk]), answer)
    assert now(gone).seds_state == SedsState.ADMIN_EXITED


@pytest.mark.rule("OSSE-R9.05")
def test_reported_and_effective_code_stand_side_by_side(registrar, state, left):
    gone = left("1941")
    registrar.post(step(gone, "paper"), {"file": letter()})
    with scope.system():
        paper = ExitPaper.objects.get(enrollment=gone)
    refused = {"paper": paper.pk, "decision": "refuse", "reason": "No name of a school"}
    assert state.post(step(gone, "decide"), refused).status_code == 302
    page = text(registrar.get(after(gone)))
    assert "1941 Exited to a school outside of the United States" in page
    assert "1984 Not enrolled" in page
    assert "No name of a school" in page


def test_a_step_refused_keeps_what_was_typed(registrar, left):
    gone = left("1966")
    answer = registrar.post(step(gone, "attempt"), {"on": "Sep 4, 2026", "way": "", "result": "Nobody home"})
    assert answer.status_code == 400
    assert "Nobody home" in text(answer)
    assert "Choose how you tried" in text(answer)
    with scope.system():
        assert not ContactAttempt.objects.exists()


def test_a_step_out_of_turn_is_a_sentence(registrar, left):
    gone = left("1966")
    answer = registrar.post(step(gone, "request"), {"words": "x", "due_diligence": "x"}, follow=True)
    assert "Record the efforts to reach the parent first." in text(answer)


def test_a_registrar_does_not_decide(registrar, left):
    gone = left("1941")
    answer = registrar.post(step(gone, "decide"), {"paper": 1, "decision": "accept"})
    assert answer.status_code == 403
    assert "Only a state administrator" in text(answer)


def test_a_paper_of_another_exit_is_not_decided_here(registrar, state, left):
    one, other = left("1941"), left("1940")
    for gone in (one, other):
        registrar.post(step(gone, "paper"), {"file": letter()})
    with scope.system():
        paper = ExitPaper.objects.get(enrollment=other)
    answer = state.post(step(one, "decide"), {"paper": paper.pk, "decision": "accept"})
    assert "does not belong to this exit" in text(answer)


WAITING_FOR = [
    # code, special, what the list says is to be done
    ("1941", True, "overdue"),
    ("1966", True, "notice"),
    ("2020", False, "verify"),
    ("4321", False, "request"),
]


@pytest.mark.parametrize(("code", "special", "todo"), WAITING_FOR)
def test_the_work_list_knows_what_is_to_be_done(registrar, enrolled, left, dc, code, special, todo):
    if code == "4321":
        gone = enrolled(stage=4)
        with scope.of(dc.registrar):
            actions.mark_no_show(by=dc.registrar, enrollment=gone, on=date(2026, 9, 4), how_known="Called.")
    else:
        gone = left(code, special)
    lists = {each: text(registrar.get("/enrollments/exits/", {"todo": each})) for each in ("", todo, "ask")}
    name = gone.student.last_name
    assert [name in page for page in lists.values()] == [True, True, False]


def test_an_empty_list_says_why(registrar):
    assert "Nothing is left to do for any exit." in text(registrar.get("/enrollments/exits/"))


@pytest.mark.rule("OSSE-R6.02")
def test_a_move_to_a_nonpublic_school_is_shown_before_it_is_saved(registrar, dc, enrolled):
    site = make.SiteFactory(state=dc.state, district=None, kind=SiteKind.NONPUBLIC, name="Kestrel Academy")
    make.AffiliationFactory(district=dc.mine, site=site)
    row = enrolled(special=True)
    address = reverse("enrollment:nonpublic", args=[row.pk])
    typed = {"site": site.pk, "first_day": "Sep 8, 2026", "how_known": "Placement meeting", "version": 1}
    preview = text(registrar.post(address, {**typed, "preview": "yes"}))
    assert "Enters Kestrel Academy with 1811" in preview
    assert "Last day Sep 7, 2026" in preview
    with scope.system():
        assert not SeatHold.objects.exists()
    assert registrar.post(address, typed).status_code == 302
    name = row.student.list_name
    assert name in text(registrar.get("/enrollments/seats/", {"site": dc.school.pk}))
    assert name not in text(registrar.get("/enrollments/seats/", {"held": "no"}))


def test_the_first_day_in_the_browser(registrar, enrolled, now):
    row = enrolled(stage=4)
    address = reverse("enrollment:attend", args=[row.pk])
    assert registrar.get(address).status_code == 200
    registrar.post(address, {"first_attended": "Aug 20, 2026", "code": "1880", "version": row.version})
    assert (now(row).stage, now(row).first_day) == (5, date(2026, 8, 20))


def test_a_duty_is_done_in_the_browser(registrar, dc, enrolled, left):
    gone = left("1960", grade="PK")
    page = registrar.get(reverse("enrollment:duty", args=[gone.pk, "PART_C_HISTORY"]))
    assert "Answer the question instead" in text(page)
    assert gone.student.last_name in text(registrar.get("/enrollments/duties/"))


@pytest.mark.rule("OSSE-R11.01", "OSSE-R11.02")
def test_an_issue_is_raised_with_its_type(registrar, left):
    gone = left("1941")
    asked = {"sub_category": "other", "due_diligence": "Compared both rosters", "words": "Still there"}
    registrar.post(reverse("enrollment:ask", args=[gone.pk]), asked)
    with scope.system():
        row = SupportRequest.objects.get()
    assert (row.issue_type, row.sub_category) == ("Enrollment / Enrollment Audit", "")


@pytest.mark.rule("OSSE-R11.04")
def test_a_request_without_due_diligence_stays_in_the_form(registrar, left):
    gone = left("1941")
    address = reverse("enrollment:ask", args=[gone.pk])
    page = text(registrar.post(address, {"sub_category": "other", "words": "Still there"}))
    assert "done yourself" in page
    assert "Still there" in page


@pytest.mark.rule("OSSE-R11.05")
def test_what_is_urgent_goes_by_e_mail(registrar, dc, left):
    EnrollmentSettings.objects.create(state=dc.state, urgent_email="dar@example.org")
    page = text(registrar.get(reverse("enrollment:ask", args=[left("1941").pk])))
    assert "mailto:dar@example.org" in page


def test_the_state_decides_its_settings(state, registrar, dc):
    address = f"/enrollments/settings/?state={dc.state.code}"
    assert registrar.get(address).status_code == 403
    typed = {"grace_days": "10", "held_share": "7", "count_month": "10", "count_day": "5"}
    assert state.post(address, typed).status_code == 302
    kept = EnrollmentSettings.objects.get(state=dc.state)
    assert (kept.grace_days, kept.held_share, kept.count_month) == (10, 0.07, 10)
    wrong = text(state.post(address, {**typed, "count_month": "2", "count_day": "30"}))
    assert "There is no such day" in wrong


@pytest.mark.rule("OSSE-R6.01")
def test_a_changed_school_is_refused_with_the_way_to_do_it(registrar, dc, enrolled, now):
    row = enrolled()
    answer = registrar.patch(
        f"/api/enrollments/{row.pk}/", {"site": dc.other.pk}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert "2040 and 1811" in text(answer)
    assert now(row).site_id == dc.school.pk


def test_a_reader_reads_and_is_told_who_can(dc, browse, left):
    gone = left("1941")
    reader = browse(make.UserFactory(role=Role.READER, role__district=dc.mine))
    page = text(reader.get(after(gone)))
    assert "can exit this student" in page
    assert reader.post(step(gone, "attempt"), {}).status_code == 403
