"""Bad input, sent to the running system by hand: each gets a sentence, changes nothing, and is not logged."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from enrollment.models import Enrollment
from evaluations.models import Evaluation
from journal.models import Entry
from migration.models import LoadRun
from tests.journeys.caller import FORM, Answer, Caller
from tests.journeys.system import System

BEFORE = (timezone.localdate() - timedelta(days=2)).isoformat()
BEYOND = "9" * 19  # beyond the largest id of the database
FIVE_MB = "Fontenot" * 655_360
LISTS = ("/students/", "/evaluations/", "/ieps/", "/jobs/", "/lists/students/", "/rulebook/")


@pytest.fixture(scope="module")
def dana(system: System) -> Caller:
    return Caller(system.processes.address).sign_in("dana")


@pytest.fixture(scope="module")
def sidonie(system: System) -> Caller:
    return Caller(system.processes.address).sign_in("sidonie")


@pytest.fixture
def enrollment(system: System) -> Enrollment:
    return system.enrolled()


def exit_of(enrollment: Enrollment) -> str:
    return f"/enrollments/{enrollment.pk}/exit"


def whole_exit() -> dict[str, object]:
    return {"last_day": BEFORE, "code": "1941", "how_known": "The mother called.", "new_school": "San Rafael"}


def is_open(system: System, enrollment: Enrollment) -> bool:
    with system.seen():
        return Enrollment.objects.get(pk=enrollment.pk).last_day is None


def is_a_page(answer: Answer) -> bool:
    return "<h1" in answer.text and "Traceback" not in answer.text


TYPED_WRONG = {
    "an unknown code": ({"code": "9999"}, "“9999” is not an exit code of"),
    "a code of another kind": ({"code": "1880"}, "“1880” is not an exit code of"),
    "an impossible date": ({"last_day": "Feb 30, 2026"}, "February 2026 has 28 days."),
    "a month that is none": ({"last_day": "13/45/2025"}, "There is no month 13."),
    "digits of another script": ({"last_day": "٩٩٩"}, "was not understood as a date"),
    "a NUL": ({"how_known": "a\0b"}, "Null characters are not allowed."),
    "too long for its field": ({"new_school": "x" * 300}, "at most 200 characters"),
    "a version that is no number": ({"version": "²"}, "Enter a whole number."),
    "nothing": ({"how_known": ""}, "Say who told you, and when."),
}


@pytest.mark.parametrize(("wrong", "words"), TYPED_WRONG.values(), ids=TYPED_WRONG.keys())
def test_what_is_typed_wrong_is_said_beside_its_field_and_kept(wrong, words, system, dana, enrollment):
    answer = dana.post(exit_of(enrollment), whole_exit() | wrong)
    assert words in answer.words
    assert "San Rafael" in answer.text or "new_school" in wrong
    assert is_open(system, enrollment)


def test_invalid_utf8_in_a_field_is_no_trouble_of_the_system(system, dana, enrollment):
    body = f"csrfmiddlewaretoken={dana.token}&last_day=%ff%fe&code=1941&how_known=".encode() + b"\xff\xfe\xc0"
    answer = dana.send("POST", exit_of(enrollment), body, FORM)
    assert "was not understood as a date" in answer.words
    assert is_open(system, enrollment)


def test_a_name_of_five_megabytes_is_too_large_and_says_so(system, dana):
    answer = dana.post("/students/enter", {"last_name": FIVE_MB})
    assert answer.status == 413
    assert "This is too large to send." in answer.words
    assert "Fontenot" not in system.log()


def test_a_referral_of_half_a_megabyte_is_refused_beside_its_field(dana, system):
    child = system.child()
    typed = {"kind": "INIT", "referral_date": BEFORE, "reason": "x" * 500_000}
    answer = dana.post(f"/evaluations/refer/{child.pk}/", typed)
    assert (answer.status, "at most 10000 characters" in answer.words) == (400, True)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        f"page={BEYOND}&size={BEYOND}&sort=-nothing",
        "page=-1&size=0&sort=" + "x" * 5_000,
        "page=%D9%A3&size=%C2%B2&name=%00&site=%00&grade=%00&when=%00&state=%00&kind=%00",
        "page=%ff%fe&name=%ff%fe&site=%ff%fe&sort=%c0%80",
        f"site={BEYOND}&district={BEYOND}&tab=nothing&kind=nothing&when=nothing",
    ],
)
def test_a_list_falls_back_to_what_it_can_show(path, query, dana):
    answer = dana.get(f"{path}?{query}")
    assert answer.status == 200
    assert is_a_page(answer)


@pytest.mark.parametrize("number", [BEYOND, "9" * 400, "0", "%D9%A3", "-1", "%00", "%ff"])
@pytest.mark.parametrize(
    "address",
    ["/students/{}/", "/enrollments/{}/exit", "/evaluations/{}/", "/evaluations/{}/history/", "/ieps/{}/",
     "/jobs/{}/", "/documents/{}/", "/students/{}/events/exit/{}", "/rulebook/{}/", "/lists/{}/"],
)  # fmt: skip
def test_an_address_of_nothing_says_that_nothing_is_there(address, number, dana):
    answer = dana.get(address.replace("{}", number))
    assert answer.status == 404
    assert "There is nothing here that you can open." in answer.words


@pytest.mark.parametrize("query", ["tab=nothing", "kind=%00", f"all={BEYOND}"])
def test_an_unknown_tab_or_kind_shows_the_time_line(query, system, dana):
    answer = dana.get(f"/students/{system.child().pk}/?{query}")
    assert (answer.status, "Time line" in answer.words) == (200, True)


def test_a_search_that_is_no_search_is_answered(dana):
    assert "A search has at most 200 letters." in dana.get(f"/students/search?q={'x' * 5_000}").words
    assert dana.get("/students/search?q=%00%ff").status == 200


FILES = {
    "list.csv": (b"name,grade\r\nFontenot,3\r\n", "looks like a CSV"),
    "letter.pdf": (b"%PDF-1.7\n1 0 obj", "is a PDF"),
    "setup.exe": (b"MZ\x90\x00\x03" + bytes(200), "is no legacy SER extract"),
    "empty.dat": (b"", "is empty"),
    "utf16.dat": ("HLEGSER".encode("utf-16"), "UTF-16"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_extract_is_refused_and_not_kept(name, system, sidonie):
    content, words = FILES[name]
    answer = sidonie.upload("/rollover/", name, content)
    assert (answer.status, words in answer.words) == (400, True), answer.words[:600]
    with system.inside():
        assert not LoadRun.objects.filter(file_name=name).exists()
    assert name not in system.log()


def test_an_exit_sent_twice_at_once_happens_once(system, dana, enrollment):
    answers = dana.twice_at_once(exit_of(enrollment), whole_exit())
    assert [answer.status for answer in answers] == [302, 302]
    with system.seen():
        told = Entry.objects.filter(kind="STUDENT_EXITED", student_id=enrollment.student_id)
        assert told.count() == 1


def test_a_referral_sent_twice_at_once_happens_once(system, dana):
    child = system.child()
    typed = {"kind": "INIT", "referral_date": BEFORE, "reason": "Reading falls behind."}
    answers = dana.twice_at_once(f"/evaluations/refer/{child.pk}/", typed)
    assert all(answer.status in (302, 400) for answer in answers)
    with system.seen():
        assert Evaluation.objects.filter(student=child).count() == 1


def test_a_new_child_entered_twice_at_once_is_there_once(system, dana):
    with system.seen():
        school = system.world.school.pk
    typed = {
        "state_student_id": "7700112233", "last_name": "Prudhomme", "first_name": "Odette", "sex": "F",
        "birth_date": "2017-03-12", "site": school, "grade": "03", "first_day": BEFORE, "code": "1880",
        "first_attended": BEFORE,
    }  # fmt: skip
    answers = dana.twice_at_once("/students/enter", typed)
    assert [answer.status for answer in answers] == [302, 302], [answer.words[:900] for answer in answers]
    with system.seen():
        assert Enrollment.objects.filter(student__state_student_id="7700112233").count() == 1


@pytest.mark.parametrize("cookies", [{}, {"csrftoken": "x" * 32}])
def test_without_its_token_nothing_is_sent(cookies, system, dana, enrollment):
    stranger = Caller(dana.address, {"eser_session": dana.cookies["eser_session"], **cookies})
    answer = stranger.send("POST", exit_of(enrollment), b"csrfmiddlewaretoken=nothing&code=1941", FORM)
    assert answer.status == 403
    assert "This page had expired, so nothing was sent." in answer.words
    assert is_open(system, enrollment)


def test_nothing_of_what_was_typed_is_in_the_log(system):
    log = system.log()
    for personal in ("Fontenot", "Prudhomme", "San Rafael", "The mother called"):
        assert personal not in log
    for number in ("9999", "7700112233"):
        assert not re.search(rf"(?<![\w.-]){number}(?![\w-])", log)  # no part of a time or of an id
