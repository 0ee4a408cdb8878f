"""The end of a year for a whole school: rehearsed, done by the verbs of one, taken back as a whole."""

import re
from datetime import date

import pytest
from django.db import connection

from enrollment.actions.audit import audit_students
from enrollment.actions.exit import exit_student
from enrollment.actions.feed_undo import start_undoing, undo_feed
from enrollment.actions.year_end import ForAll, ForOne, carry_out, order_year_end, rehearse, start_year_end
from enrollment.models import Enrollment, FeedLoad, FeedState
from enrollment.rules.year_end import Then
from jobs.models import Job
from security import scope
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from tests import factories as make
from tests.enrollment.feed.known import all_rows

pytestmark = pytest.mark.django_db
JUN_11, AUG_23 = date(2027, 6, 11), date(2027, 8, 23)
LEAVE = {"exit_code": "1966", "last_day": JUN_11, "how_known": "End of school year 2026-27"}
RETURN = {"entry_code": "1880", "first_day": AUG_23, "papers": {"first_attended": AUG_23}}


@pytest.fixture
def year(dc):
    return make.SchoolYearFactory(state=dc.state)


@pytest.fixture
def order(dc, year):
    """`order(rows, {row: ForOne(…)}, exit_code=…)` is what is wanted, rehearsed."""

    def ordered(rows, but=None, **said):
        with scope.of(dc.registrar):
            load = order_year_end(
                by=dc.registrar, district=dc.mine, year=year, enrollments=rows,
                for_all=ForAll(site=dc.school, **said),
                for_one={row.pk: one for row, one in (but or {}).items()},
            )  # fmt: skip
        return rehearse(load, quietly)

    return ordered


def quietly(**_):
    """Nobody watches."""


def done(dc, load):
    with scope.of(dc.registrar):
        start_year_end(by=dc.registrar, load=load)
    found = carry_out(load, quietly)
    with connection.cursor() as cursor:  # who writes ends with the transaction of the job
        cursor.execute("SELECT set_config('pghistory.context_metadata', '{}', true)")
    return found


def counts_of(load):
    return {what: n for what, n in load.counts.items() if n}


def spans(student):
    with scope.system():
        rows = Enrollment.objects.filter(student=student).order_by("first_day")
        return [(row.grade, row.entry_code, row.exit_code) for row in rows]


def errors_of(load):
    with scope.system():
        return [" ".join(row.errors) for row in load.rows.all() if row.errors]


def test_a_rehearsal_says_what_would_happen_and_changes_nothing(dc, order, enrolled):
    rows, before = [enrolled(), enrolled(special=True)], all_rows()
    rehearsed = order(rows, **LEAVE, **RETURN)
    assert (rehearsed.state, counts_of(rehearsed)) == (FeedState.CHECKED, {"exit": 2, "new": 2})
    assert all_rows() == before


def test_each_child_leaves_and_enters_the_next_grade_by_the_verbs_of_one(dc, order, enrolled):
    row = enrolled(special=True, grade="09")
    done(dc, order([row], **LEAVE, **RETURN))
    assert spans(row.student) == [("09", "1880", "1966"), ("10", "1880", "")]
    with scope.system():
        left, came = Enrollment.objects.filter(student=row.student).order_by("first_day")
        assert (left.last_day, left.how_known, came.first_day) == (JUN_11, LEAVE["how_known"], AUG_23)
        assert left.student.jurisdictions.get().last_day is None
        assert came.seds_state == "ACTIVE"


def test_what_is_said_of_one_child_is_done_to_that_child(dc, order, enrolled):
    out, again, other, graduate = enrolled(), enrolled(), enrolled(), enrolled(grade="12")
    but = {out: ForOne(Then.LEFT_OUT), again: ForOne(Then.SAME_GRADE), other: ForOne(Then.LEAVES, "1963")}
    done(dc, order([out, again, other, graduate], but, **LEAVE, **RETURN))
    assert spans(out.student) == [("09", "1880", "")]
    assert spans(again.student)[1:] == [("09", "1880", "")]
    assert spans(other.student) == [("09", "1880", "1963")]
    assert spans(graduate.student) == [("12", "1880", "1966")]


def test_what_a_rule_refuses_is_left_whole_with_its_reason(dc, order, enrolled):
    fine, registered = enrolled(), enrolled(stage=4)
    load = done(dc, order([fine, registered], **LEAVE, **RETURN))
    assert counts_of(load) == {"exit": 1, "new": 1, "refused": 1}
    assert "never attended leaves with 4321" in errors_of(load)[0]
    assert spans(registered.student) == [("09", "1800", "")]


def test_an_entry_that_is_refused_takes_its_exit_back_too(dc, order, enrolled):
    row = enrolled()
    load = done(dc, order([row], **LEAVE, **RETURN | {"papers": {}}))
    assert "needs a recorded day of attendance" in errors_of(load)[0]
    assert spans(row.student) == [("09", "1880", "")]


def test_carried_out_twice_it_is_done_once(dc, order, enrolled):
    row = enrolled()
    load, same = order([row], **LEAVE, **RETURN), order([row], **LEAVE, **RETURN)
    done(dc, load)
    after = all_rows()
    carry_out(load, quietly)
    done(dc, same)
    assert all_rows() == after
    with scope.of(dc.registrar), pytest.raises(Stale, match="saved already"):
        start_year_end(by=dc.registrar, load=load)


def test_a_child_who_left_meanwhile_is_refused(dc, order, enrolled):
    row = enrolled()
    load = order([row], **LEAVE)
    with scope.of(dc.registrar):
        exit_student(by=dc.registrar, enrollment=row, code="1943", on=date(2026, 9, 4))
    assert "already ended" in errors_of(done(dc, load))[0]


def test_those_who_left_enter_again_in_august(dc, order, enrolled):
    row = enrolled()
    done(dc, order([row], **LEAVE))
    with scope.system():
        row.refresh_from_db()
    done(dc, order([row], **RETURN))
    assert spans(row.student) == [("09", "1880", "1966"), ("10", "1880", "")]


def test_it_is_taken_back_as_a_whole(dc, order, enrolled):
    rows = [enrolled(), enrolled(special=True)]
    audit_students({row.student_id for row in rows})
    before = all_rows()
    load = done(dc, order(rows, **LEAVE, **RETURN))
    assert all_rows() != before
    with scope.of(dc.registrar):
        start_undoing(by=dc.registrar, load=load)
    assert counts_of(undo_feed(load))["taken_back"] == 2
    assert all_rows() == before


def test_nobody_elsewhere_and_nobody_of_one_school_does_it(dc, year, order, enrolled):
    row = enrolled()
    load = order([row], **LEAVE)
    for where in ({"role__district": dc.theirs}, {"role__site": dc.school}):
        person = make.UserFactory(role=Role.REGISTRAR, **where)
        with scope.system(), pytest.raises(NotAllowed, match="as a whole can exit and enter a whole school"):
            start_year_end(by=person, load=load)


def test_when_all_are_left_out_there_is_nothing_to_do(order, enrolled):
    row = enrolled()
    with pytest.raises(RuleBroken, match="nothing to do"):
        order([row], {row: ForOne(Then.LEFT_OUT)}, **LEAVE)


TYPED = {"last_day": "6/11/2027", "code": "1966", "how_known": "End of the year", "grade": "next"}


def test_the_page_lists_the_school_and_leads_to_the_rehearsal(dc, year, enrolled, browse):
    row, elsewhere = (
        enrolled(last_name="Guidry"),
        make.EnrollmentFactory(district=dc.theirs, site=dc.neighbour),
    )
    client = browse(dc.registrar)
    page = client.get("/enrollments/year-end/", {"site": dc.school.pk}).content.decode()
    assert "Guidry" in page
    assert 'value="4321"' not in page
    forged = {f"then_{elsewhere.pk}": "next", f"code_{elsewhere.pk}": "1963"}
    address = f"/enrollments/year-end/?site={dc.school.pk}"
    answer = client.post(address, TYPED | forged | {f"code_{row.pk}": "1963"})
    with scope.system():
        load = FeedLoad.objects.get()
        assert [line.fields["exit_code"] for line in load.rows.all()] == ["1963"]
    assert answer.url == f"/enrollments/year-end/{load.pk}/"
    rehearse(load, quietly)
    Job.objects.filter(pk=load.job_id).update(state="DONE")
    shown = re.sub(r"<[^>]+>", " ", client.get(answer.url).content.decode())
    assert "Guidry" in shown
    assert "Save these exits and entries" in shown
    assert client.get("/feeds/").context["page"].count.n == 0
    assert client.get(f"/feeds/{load.pk}").status_code == 404
    client.post(f"{answer.url}carry-out")
    assert carry_out(FeedLoad.objects.get(pk=load.pk), quietly).state == FeedState.LOADED


def test_what_is_missing_is_said_beside_its_field(dc, year, enrolled, browse):
    enrolled()
    answer = browse(dc.registrar).post("/enrollments/year-end/", TYPED | {"code": "", "again": "on"})
    page = answer.content.decode()
    assert answer.status_code == 400
    for sentence in (
        "Choose the code that says why they leave.",
        "Choose the entry code.",
        "Give the first day.",
    ):
        assert sentence in page


def test_a_year_end_that_is_rehearsed_again_stays_as_it_was_decided(dc, order, enrolled):
    load = done(dc, order([enrolled()], **LEAVE, **RETURN))
    assert rehearse(FeedLoad(pk=load.pk, state=FeedState.CHECKING, by_id=load.by_id), quietly) == load
    with scope.system():
        assert FeedLoad.objects.get().state == FeedState.LOADED


def test_a_grade_as_a_whole_is_left_out_but_for_one_child_of_it(dc, year, enrolled, browse):
    ninth, tenth, other = enrolled(grade="09"), enrolled(grade="10"), enrolled(grade="10")
    client, address = browse(dc.registrar), f"/enrollments/year-end/?site={dc.school.pk}"
    assert "What becomes of all of grade 10" in client.get(address).content.decode()
    client.post(address, TYPED | {"grade_10": "out", f"then_{other.pk}": "leaves"})
    with scope.system():
        meant = set(FeedLoad.objects.get().rows.values_list("enrollment_id", flat=True))
    assert meant == {ninth.pk, other.pk}
    assert tenth.pk not in meant


def test_who_left_during_the_year_is_not_entered_again_unless_named(dc, year, enrolled, browse):
    moved, *others = [enrolled() for _ in range(3)]
    with scope.system():
        for row, on in ((moved, date(2026, 9, 4)), *((row, JUN_11) for row in others)):
            Enrollment.objects.filter(pk=row.pk).update(exit_code="1966", last_day=on)
    page = browse(dc.registrar).get("/enrollments/year-end/", {"site": dc.school.pk, "who": "left"})
    first = {child["row"].pk: child["then"] for grade in page.context["grades"] for child in grade["rows"]}
    assert first == {moved.pk: Then.LEFT_OUT, **{row.pk: Then.AS_ALL for row in others}}
