"""Finding a child by any ID, by name, by birth date, and by a misspelled name, within scope."""

from datetime import date

import pytest

from security import scope
from security.rules.roles import Role
from students.search import find, read_birth_date
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(parish, child):
    found = child(
        "O’Neil-Fontenot", "Amédée", birth_date=date(2014, 11, 2), state_student_id="0041927365",
        edfi_id="604822", source="LEGACY_SER", legacy_key="L-7731",
    )  # fmt: skip
    with scope.system():
        found.jurisdictions.update(local_student_id="CP-20881")
    child("Broussard", "Isaiah", birth_date=date(2012, 1, 9))
    return found


def names(parish, words):
    with scope.of(parish.manager):
        return [(hit.student.last_name, hit.why) for hit in find(parish.manager, words)]


FOUND = [
    ("0041927365", "state ID is the same"),
    ("0041 927 365", "state ID is the same"),
    ("604822", "Ed-Fi ID is the same"),
    ("CP-20881", "district ID is the same"),
    ("L-7731", "legacy ID is the same"),
    ("oneil", "name begins so"),
    ("ONEIL FONTENOT, Amedee", "name begins so"),
    ("Amédée O'Neil", "name holds these words"),
    ("11/2/2014", "born Nov 2, 2014"),
    ("Nov 2, 2014", "born Nov 2, 2014"),
    ("2014-11-02", "born Nov 2, 2014"),
    ("fontenott", "name is alike"),
    ("amedee fontennot", "name is alike"),
]


@pytest.mark.parametrize(("words", "why"), FOUND)
def test_a_child_is_found_and_the_result_says_why(parish, known, words, why):
    hits = names(parish, words)
    assert hits[0][0] == "O’Neil-Fontenot"
    assert hits[0][1].startswith(why.split(" ")[0])
    assert len(hits) == 1


@pytest.mark.parametrize("words", ["", "   ", "zzzzqq", "99", "\x00", "%", "'; drop table", "2014"])
def test_words_that_name_nobody_find_nobody(parish, known, words):
    assert names(parish, words) == []


def test_first_and_last_name_in_either_order_find_the_child_by_prefix(parish, child):
    child("Fontenot", "Jules")
    assert (
        names(parish, "Jules Fontenot") == names(parish, "Fontenot Jules") == [("Fontenot", "name begins so")]
    )


def test_a_child_of_another_district_is_not_found_by_anything(parish, child):
    other = child(
        "Castille", district=parish.theirs, state_student_id="0099999999", birth_date=date(2014, 1, 1)
    )
    for words in ("Castille", "Castile", other.state_student_id, "1/1/2014", other.edfi_id):
        assert names(parish, words) == []


def test_a_child_of_an_earlier_time_is_found_after_those_of_today(parish, child):
    child("Guillot", "Anna", district__last_day=date(2024, 5, 22))
    child("Guillot", "Zoe")
    with scope.of(parish.manager):
        hits = find(parish.manager, "guillot")
    assert [(hit.student.first_name, hit.place.is_current) for hit in hits] == [
        ("Zoe", True),
        ("Anna", False),
    ]


def test_a_search_of_a_thousand_letters_is_refused_with_a_sentence(parish):
    with scope.of(parish.manager), pytest.raises(ValueError, match="at most 200 letters"):
        find(parish.manager, "x" * 1000)


@pytest.mark.parametrize("words", ["9/31/2014", "2014", "3/12", "Fontenot", "3/12/2050"])
def test_what_is_no_birth_date_is_not_read_as_one(words):
    assert read_birth_date(words) is None


def test_typing_shows_results_and_a_page_is_there_without_script(parish, known, browse):
    client = browse(parish.manager)
    fragment = client.get("/students/search", {"q": "oneil"}, headers={"HX-Request": "true"}).content.decode()
    page = client.get("/students/search", {"q": "oneil"}).content.decode()
    assert "<html" not in fragment
    assert f"/students/{known.pk}/" in fragment
    assert "Name begins so" in page
    assert "<html" in page


def test_an_id_in_full_opens_the_child(parish, known, browse):
    answer = browse(parish.manager).get("/students/search", {"q": "0041 927 365"})
    assert answer["Location"] == f"/students/{known.pk}/"


def test_five_megabytes_of_search_get_a_sentence(parish, browse):
    page = browse(parish.manager).get("/students/search", {"q": "x" * 5_000_000}).content.decode()
    assert "A search has at most 200 letters." in page


def test_a_search_asks_few_questions(parish, known, browse, django_assert_max_num_queries):
    client = browse(parish.manager)
    with django_assert_max_num_queries(18):
        client.get("/students/search", {"q": "oneil"}, headers={"HX-Request": "true"})


def test_a_name_search_of_the_state_reads_every_district(parish, known):
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    with scope.of(state):
        assert [hit.student for hit in find(state, "oneil")] == [known]
