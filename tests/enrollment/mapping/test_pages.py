"""The pages on which a district says what its codes mean."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from enrollment.models import LocalCode
from security import scope
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
ABROAD = {"kind": "exit", "code": "ABROAD", "name": "Moved abroad", "state_code": "1941"}


@pytest.fixture
def registrar(dc, year, browse):
    return browse(dc.registrar)


def text_of(response):
    return response.content.decode()


def meanings():
    with scope.system():
        return {row.code: row.state_code for row in LocalCode.objects.all()}


def test_a_code_is_mapped_and_the_rest_are_gaps(registrar):
    assert registrar.post("/codes/one", ABROAD).status_code == 302
    page = text_of(registrar.get("/codes/"))
    assert "ABROAD" in page
    assert "State codes that no code of yours means" in page
    assert "state_code=1940" in page
    assert "state_code=1941" not in page


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(registrar):
    page = text_of(registrar.post("/codes/one", {**ABROAD, "state_code": "9999"}))
    assert "“9999” is not an exit code of this state." in page
    assert 'value="ABROAD"' in page
    assert meanings() == {}


def test_the_picker_finds_without_script(registrar):
    page = text_of(registrar.post("/codes/one", {"kind": "exit", "state_code_q": "country", "find": "x"}))
    assert 'value="1941"' in page
    assert 'value="1966"' not in page


def test_the_options_of_the_picker(registrar):
    options = text_of(registrar.get("/codes/options", {"kind": "exit", "state_code_q": "home school"}))
    assert "1942" in options
    assert "1941" not in options


def test_a_known_code_is_changed_taken_back_and_told_in_its_history(dc, registrar):
    registrar.post("/codes/one", ABROAD)
    with scope.system():
        row = LocalCode.objects.get()
    page = text_of(registrar.get("/codes/one", {"kind": "exit", "code_of": row.pk}))
    assert "What ABROAD means" in page
    registrar.post("/codes/take-back", {"code_of": row.pk})
    assert meanings() == {}
    told = text_of(registrar.get("/codes/changes"))
    assert told.count("not mapped") == 2
    assert dc.registrar.get_full_name() in told


def sent(registrar, text):
    file = SimpleUploadedFile("codes.csv", text.encode(), content_type="text/csv")
    return text_of(registrar.post("/codes/file", {"file": file}))


HEADER = "kind,local_code,local_name,state_code\n"


def test_a_file_is_looked_through_then_taken_over_and_exported(registrar):
    text = f"{HEADER}exit,ABROAD,Moved abroad,1941\n"
    assert "Take over 1 code for 2026-27" in sent(registrar, text)
    assert meanings() == {}
    registrar.post("/codes/file", {"text": text})
    assert meanings() == {"ABROAD": "1941"}
    assert text_of(registrar.get("/codes/file")).replace("\r", "") == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEADER}exit,ABROAD,,9999\n", "Line 2: “9999” is not an exit code"),
        ("kind,local_code\n", "The first line lacks local_name, state_code"),
    ],
)
def test_a_wrong_file_says_why(registrar, text, words):
    assert words in sent(registrar, text)
    assert meanings() == {}


def test_a_file_that_is_too_long_is_refused_and_not_cut(registrar):
    line = f"exit,ABROAD,{'x' * 120},1941\n"
    assert "and a mapping at most 500,000. Is this the right file?" in sent(registrar, HEADER + line * 4_000)


def test_signs_that_no_text_has_are_refused_also_when_it_is_taken_over(registrar):
    answer = registrar.post("/codes/file", {"text": f"{HEADER}exit,A\x00,,1941\n"}, follow=True)
    assert "signs that no text has" in text_of(answer)
    assert meanings() == {}


def test_the_next_year(registrar, next_year):
    registrar.post("/codes/one", ABROAD)
    page = text_of(registrar.post("/codes/next-year", {}, follow=True))
    assert "1 codes of 2026-27 are copied" in page


def test_another_district_is_not_there(dc, registrar):
    assert registrar.get("/codes/", {"district": dc.theirs.pk}).status_code == 404


def test_a_reader_is_told_who_can(dc, year, browse):
    reader = make.UserFactory(role=Role.READER, role__district=dc.mine)
    answer = browse(reader).get("/codes/")
    assert answer.status_code == 403
    assert "of a whole district can see its codes and feeds" in text_of(answer)
