"""The pages of exit, no-show and entry, as a registrar meets them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enrollment.models import Enrollment
from enrollment.rules.codes import Kind, codes_for
from enrollment.views.exits import likely_last_day
from organizations.rules.profiles import Profile
from security import scope
from security.rules.roles import Role
from students.models import Student
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(dc, browse):
    return browse(dc.registrar)


def kept(row):
    with scope.system():
        return type(row).objects.get(pk=row.pk)


def exit_url(row):
    return f"/enrollments/{row.pk}/exit"


TYPED = {
    "last_day": "9/4/2026",
    "code": "1941",
    "how_known": "Mother called.",
    "new_school": "Honduras",
    "version": 1,
}


def text_of(response):
    return response.content.decode()


def test_every_usable_exit_code_of_the_state_is_offered_with_its_meaning(registrar, enrolled, dc):
    page = text_of(registrar.get(exit_url(enrolled())))
    for code in codes_for(Profile.DC, Kind.EXIT, timezone.localdate()):
        assert f'value="{code.code}"' in page
    assert "Exited to a school outside of the United States" in page


def test_find_works_without_script_and_keeps_what_was_typed(registrar, enrolled):
    row = enrolled()
    page = text_of(registrar.post(exit_url(row), TYPED | {"code": "", "code_q": "country", "find": "code"}))
    assert 'value="1941"' in page
    assert 'value="1966"' not in page
    assert "Mother called." in page
    assert kept(row).last_day is None


def test_the_picker_finds_by_the_words_people_use(registrar, enrolled):
    options = text_of(registrar.get(f"{exit_url(enrolled())}/codes", {"code_q": "home school"}))
    assert "1942" in options
    assert "1941" not in options


EFFECTS = [
    ("1941", {}, "Not on this roster", "Not needed"),
    ("1941", {"special": True}, "Stays until the documentation is accepted", "Not needed for this code"),
    ("1942", {"special": True}, "Stays on the roster", "Needed before services may end"),
    (
        "1960",
        {"special": True, "part_c_history": "UNKNOWN"},
        "put up for review",
        "Needed before services may end",
    ),
    (
        "1960",
        {"special": True, "part_c_history": "NO"},
        "Leaves the roster on Sep 4, 2026",
        "Not needed for this code",
    ),
]


@pytest.mark.parametrize(("code", "child", "roster", "notice"), EFFECTS)
def test_the_panel_says_what_the_exit_does_before_it_is_saved(
    registrar, enrolled, code, child, roster, notice
):
    row = enrolled(**child)
    panel = text_of(
        registrar.post(f"{exit_url(row)}/effects", TYPED | {"code": code}, headers={"HX-Request": "true"})
    )
    assert roster in panel
    assert notice in panel
    assert f"with code {code}" in panel
    assert kept(row).last_day is None


def test_without_a_day_no_day_is_named(registrar, enrolled):
    panel = text_of(
        registrar.post(f"{exit_url(enrolled())}/effects", {"code": "1941", "last_day": "9/31/2026"})
    )
    assert "September has 30 days" in panel
    assert "on the last day attended" in panel
    assert "date unknown" in panel


@pytest.mark.rule("OSSE-R10.02")
def test_a_date_in_the_past_shows_the_days_that_cannot_be_unsent(registrar, enrolled):
    back = timezone.localdate() - timedelta(days=3)
    panel = text_of(
        registrar.post(f"{exit_url(enrolled())}/effects", {"code": "1941", "last_day": back.isoformat()})
    )
    assert "This date is 3 days back." in panel
    assert panel.count("<li") >= 3
    assert "cannot be un-sent" in panel


@pytest.mark.parametrize("typed", ["Sep 4, 2026", "9/4/2026", "2026-09-04", "4 sep 2026", "Fri, Sep 4 2026"])
def test_a_day_in_any_usual_form_is_the_same_day(registrar, enrolled, typed):
    row = enrolled()
    answer = registrar.post(exit_url(row), TYPED | {"last_day": typed})
    assert (answer.status_code, kept(row).last_day) == (302, date(2026, 9, 4))


def test_the_answer_to_a_saved_exit_is_the_childs_page_with_what_happened(registrar, enrolled):
    row = enrolled()
    answer = registrar.post(exit_url(row), TYPED, follow=True)
    assert answer.redirect_chain == [(f"/students/{row.student_id}/", 302)]
    assert "with 1941, effective Sep 4, 2026. Documentation is due Sep 9, 2026." in text_of(answer)


def test_an_impossible_day_and_a_missing_account_are_named_and_nothing_is_lost(registrar, enrolled):
    row = enrolled()
    page = text_of(registrar.post(exit_url(row), TYPED | {"last_day": "9/31/2026", "how_known": " "}))
    assert "Not saved yet: 2 things to correct" in page
    assert "September has 30 days." in page
    assert "Say who told you, and when." in page
    assert "Honduras" in page
    assert kept(row).last_day is None


def test_a_rule_that_refuses_stands_beside_its_field(registrar, enrolled):
    page = text_of(registrar.post(exit_url(enrolled()), TYPED | {"code": "4321"}))
    assert 'id="code-error"' in page
    assert "this student has attended" in page


def test_a_form_sent_twice_saves_once_and_says_so_twice(registrar, enrolled):
    row = enrolled()
    answers = [registrar.post(exit_url(row), TYPED) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert kept(row).version == 2


def test_a_stale_page_keeps_the_words_and_takes_the_new_number(registrar, enrolled):
    row = enrolled()
    with scope.system():
        Enrollment.objects.filter(pk=row.pk).update(version=5, grade="10")
    page = text_of(registrar.post(exit_url(row), TYPED))
    assert "Somebody else changed this enrollment" in page
    assert 'name="version" value="5"' in page
    assert registrar.post(exit_url(row), TYPED | {"version": 5}).status_code == 302


def test_an_ended_enrollment_is_not_exited_again(registrar, enrolled):
    row = enrolled()
    registrar.post(exit_url(row), TYPED)
    assert "already ended on Sep 4, 2026" in text_of(registrar.get(exit_url(row), follow=True))


NO_SHOWS = [(False, "4321"), (True, "1234")]


@pytest.mark.parametrize(("special", "code"), NO_SHOWS)
def test_a_no_show_page_says_its_code_and_saves_it(registrar, enrolled, special, code):
    row = enrolled(special=special, stage=4)
    url = f"/enrollments/{row.pk}/no-show"
    assert f"The code will be {code}" in text_of(registrar.get(url))
    assert (
        registrar.post(url, {"last_day": "Sep 4, 2026", "how_known": "Called, wrote, visited."}).status_code
        == 302
    )
    assert (kept(row).exit_code, kept(row).no_show) == (code, True)


def test_a_name_of_five_megabytes_is_refused_with_a_sentence(registrar, dc):
    answer = registrar.post("/students/enter", {"last_name": "x" * 5_000_000})
    assert answer.status_code == 413
    assert "too large" in text_of(answer)


NEW = {
    "state_student_id": "4100000001", "last_name": "Fontenot", "first_name": "Jules",
    "birth_date": "3/12/2015",
    "sex": "M", "grade": "06", "first_day": "Aug 10, 2026", "code": "1880", "first_attended": "Aug 10, 2026",
}  # fmt: skip


def test_a_new_student_is_entered_and_found_on_its_page(registrar, dc):
    answer = registrar.post("/students/enter", NEW | {"site": dc.school.pk}, follow=True)
    assert f"Jules Fontenot entered {dc.school} with 1880, effective Aug 10, 2026." in text_of(answer)


@pytest.mark.rule("OSSE-R2.05")
def test_a_name_too_long_and_days_to_come_are_named(registrar, dc):
    wrong = {"last_name": "F" * 61, "birth_date": "3/12/2036", "first_attended": "3/12/2036"}
    page = text_of(registrar.post("/students/enter", NEW | wrong))
    assert "Mar 12, 2036 has not come yet." in page
    assert "at most 60 characters" in page
    assert "A birth date cannot be in the future." in page
    assert "Choose the school." in page


def test_a_likely_twin_is_shown_before_anything_is_saved(registrar, dc):
    twin = make.StudentFactory(
        state=dc.state,
        district=dc.mine,
        last_name="Fontenott",
        first_name="Jules",
        birth_date=date(2015, 3, 12),
    )
    typed = NEW | {"site": dc.school.pk}
    page = text_of(registrar.post("/students/enter", typed))
    assert "Perhaps the same child" in page
    assert f"/students/{twin.pk}/" in page
    assert registrar.post("/students/enter", typed | {"another_child": "on"}).status_code == 302


def test_a_twin_of_another_district_is_not_named(registrar, dc):
    make.StudentFactory(
        state=dc.state, district=dc.theirs, state_student_id="4199999999", last_name="Fontenot",
        first_name="Jules", birth_date=date(2015, 3, 12),
    )  # fmt: skip
    page = text_of(registrar.post("/students/enter", NEW | {"site": dc.school.pk}))
    assert "A child of another district" in page
    assert "4199999999" not in page


def test_taking_over_a_child_asks_first(registrar, dc):
    child = make.StudentFactory(
        state=dc.state, district=dc.theirs, state_student_id="4100000001", birth_date=date(2015, 3, 12)
    )
    typed = NEW | {"site": dc.school.pk}
    page = text_of(registrar.post("/students/enter", typed))
    assert f"{dc.theirs} is responsible for this child" in page
    assert 'name="takes_over"' in page
    assert registrar.post("/students/enter", typed | {"takes_over": "on"}).status_code == 302
    with scope.of(dc.registrar):
        assert Student.objects.visible_to(dc.registrar).filter(pk=child.pk).exists()


def test_a_child_of_the_district_enters_again(registrar, dc, enrolled):
    row = enrolled()
    registrar.post(exit_url(row), TYPED)
    url = f"/students/{row.student_id}/enter"
    typed = {
        "site": dc.other.pk,
        "grade": "10",
        "first_day": "10/1/2026",
        "code": "1880",
        "first_attended": "10/1/2026",
    }
    assert "Enter Jules" in text_of(registrar.get(url))
    assert registrar.post(url, typed).status_code == 302


def test_the_entry_codes_are_found_by_words(registrar, dc):
    assert "1800" in text_of(registrar.get("/students/enter/codes", {"code_q": "paperwork"}))


@pytest.mark.parametrize("address", ["exit", "exit/codes", "no-show"])
def test_an_enrollment_of_another_district_is_not_there(registrar, dc, address):
    child = make.StudentFactory(state=dc.state, district=dc.theirs)
    row = make.EnrollmentFactory(student=child, district=dc.theirs, site=dc.neighbour)
    assert registrar.get(f"/enrollments/{row.pk}/{address}").status_code == 404
    assert registrar.post(f"/enrollments/{row.pk}/exit/effects", TYPED).status_code == 404
    assert registrar.get(f"/students/{child.pk}/enter").status_code == 404


def test_who_may_only_read_is_refused_with_a_sentence(browse, dc, enrolled):
    reader = browse(make.UserFactory(role=Role.READER, role__district=dc.mine))
    answer = reader.get(exit_url(enrolled()))
    assert answer.status_code == 403
    assert "can exit this student" in text_of(answer)
    assert reader.get("/students/enter").status_code == 403


def test_the_exit_page_asks_few_questions(registrar, enrolled, django_assert_max_num_queries):
    row = enrolled(special=True)
    with django_assert_max_num_queries(26):
        page = text_of(registrar.get(exit_url(row)))
    assert "What happens when you save" in page


LIKELY = [
    (None, date(2026, 8, 10), date(2026, 10, 1)),
    (date(2026, 9, 18), date(2026, 8, 10), date(2026, 9, 18)),
    (date(2027, 1, 4), date(2026, 8, 10), date(2026, 10, 1)),
    (None, date(2026, 11, 2), date(2026, 11, 2)),
]


@pytest.mark.parametrize(("last_attended", "first_day", "likely"), LIKELY)
def test_the_day_that_is_offered_is_the_last_one_attended_or_today(last_attended, first_day, likely):
    row = Enrollment(last_attended=last_attended, first_day=first_day)
    assert likely_last_day(row, date(2026, 10, 1)) == likely


def test_a_child_that_nobody_finds_can_be_entered_from_the_search(dc, browse):
    typing = {"HX-Request": "true"}
    registrar, reader = dc.registrar, make.UserFactory(role=Role.READER, role__district=dc.mine)
    shown = {
        user: text_of(browse(user).get("/students/search", {"q": "Nobody"}, headers=typing))
        for user in (registrar, reader)
    }
    assert "/students/enter" in shown[registrar]
    assert "/students/enter" not in shown[reader]
