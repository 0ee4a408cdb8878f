"""Reports over the API: what a file would hold, page by page, under the same rules."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from organizations.rules.calendar import school_year_of
from reports.lists.every import every_list
from reports.models import SavedReport
from security import scope
from security.actions.tokens import make_token
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories as make
from tests.reports.federal.records import child

pytestmark = pytest.mark.django_db
STUDENTS = reverse("api:report-detail", args=["students"])


@pytest.fixture
def mine():
    return make.DistrictFactory()


@pytest.fixture
def manager(mine):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)


@pytest.fixture
def program(manager) -> Client:
    """With a token that reads."""
    _, plain = make_token(by=manager, name="Nightly", reach="read", days=30, second_factor=True)
    return Client(headers={"authorization": f"Bearer {plain}"}, enforce_csrf_checks=True)


@pytest.fixture
def five(mine):
    return [make.StudentFactory(district=mine, grade="03") for _ in range(5)]


def everything(client: Client, address: str, size: int = 2) -> list[dict]:
    """Page after page, as a program follows them."""
    rows, following = [], f"{address}{'&' if '?' in address else '?'}size={size}"
    while following:
        page = client.get(following).json()
        rows += page["results"]
        following = page["next"]
    return rows


def test_every_row_comes_once_also_when_others_come_meanwhile(program, mine, five):
    first = program.get(f"{STUDENTS}?size=3").json()
    make.StudentFactory(district=mine)
    rest = program.get(first["next"]).json()
    told = [row["student"] for row in (*first["results"], *rest["results"])]
    assert told[:5] == [student.pk for student in five]
    assert (len(told), len(set(told)), rest["next"]) == (6, 6, None)


def test_a_row_holds_what_the_file_holds_and_other_districts_are_not_in_it(program, five):
    make.StudentFactory(district=make.DistrictFactory())
    rows = everything(program, STUDENTS)
    keys = {key for key, _ in every_list()["students"].keyed()}
    assert [row["student"] for row in rows] == [student.pk for student in five]
    assert all(row["cells"].keys() == keys for row in rows)
    assert rows[0]["cells"]["name"] == five[0].last_name


def test_filters_and_columns_are_those_of_the_page(program, mine, five):
    make.StudentFactory(district=mine, grade="05")
    (row,) = everything(program, f"{STUDENTS}?grade=05&columns=grade,sex")
    assert row["cells"].keys() == {"name", "grade", "sex"}


@pytest.mark.parametrize(
    ("asked", "about", "said"),
    [
        ("grade=99", "grade", "not on offer"), ("shoe=42", "shoe", "no such filter"),
        ("columns=name,shoe", "columns", "no column shoe"), ("size=0", "size", "from 1 to 500"),
        ("size=501", "size", "from 1 to 500"), ("size=²", "size", "from 1 to 500"),
        ("cursor=MTI", "cursor", "not valid here"), ("cursor=", "cursor", "not valid here"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said_in_a_sentence(program, asked, about, said):
    answer = program.get(f"{STUDENTS}?{asked}")
    assert answer.status_code == 400
    assert said in answer.json()[about][0]


def test_a_saved_report_tells_what_to_ask(program, manager, mine, five):
    make.StudentFactory(district=mine, grade="05")
    mine_alone = {"owner": manager, "slug": "students"}
    laid_out = {"grade": "05", "columns": "grade,sex", "sort": "-name"}
    SavedReport.objects.create(**mine_alone, name="Grade 5", query=laid_out)
    SavedReport.objects.create(**mine_alone, name="One group", query={"by": "sex", "of": "F"})
    told = {each["slug"]: each["saved"] for each in program.get(reverse("api:report-list")).json()}
    (saved,) = told.pop("students")
    assert (saved["name"], set(map(len, told.values()))) == ("Grade 5", {0})
    (row,) = program.get(STUDENTS, saved["asked"]).json()["results"]
    assert row["cells"].keys() == {"name", "grade", "sex"}


def test_a_cursor_is_of_one_reader_and_one_question(program, mine, five, browse):
    following = program.get(f"{STUDENTS}?size=2").json()["next"]
    colleague = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))
    assert colleague.get(following).status_code == 400
    assert program.get(f"{following}&grade=03").status_code == 400
    assert program.get(following).status_code == 200


def test_who_took_what_is_noted_in_the_journal_and_with_each_child(program, manager, five):
    everything(program, STUDENTS)
    (entry,) = Entry.objects.filter(kind="EXPORTED")
    assert (entry.details["list"], entry.details["format"], entry.details["rows"]) == ("students", "API", 5)
    with scope.elevated():
        noted = AccessRecord.objects.filter(user=manager, what="students over the API")
        assert set(noted.values_list("student_id", flat=True)) == {student.pk for student in five}


def test_more_than_a_person_may_take_alone_is_refused(program, five, settings):
    settings.ESER_EXPORT_CAP = 4
    answer = program.get(STUDENTS)
    assert answer.status_code == 403
    assert "a second person decides" in answer.json()["detail"]
    assert program.get(f"{STUDENTS}?grade=05").status_code == 200


def test_who_may_not_take_lists_away_reads_none(browse, mine, five):
    reader = browse(make.UserFactory(role=Role.READER, role__district=mine))
    assert reader.get(reverse("api:report-list")).status_code == 200
    answer = reader.get(STUDENTS)
    assert answer.status_code == 403
    assert answer.json()["detail"].endswith("can export a list.")


@pytest.mark.parametrize("slug", [slug for slug, found in every_list().items() if found.listed])
def test_every_list_is_read(slug, program, five):
    told = {each["slug"]: each for each in program.get(reverse("api:report-list")).json()}
    answer = program.get(reverse("api:report-detail", args=[slug]))
    assert (slug in told, answer.status_code) in ((True, 200), (False, 404))
    free = [each["name"] for each in told.get(slug, {"filters": []})["filters"] if not each["choices"]]
    for odd in (9 * "9876543210", "\x00%'\u202e²"):
        said = program.get(reverse("api:report-detail", args=[slug]), dict.fromkeys(free, odd))
        assert said.status_code in (200, 400, 404)


def test_a_page_asks_as_often_for_many_rows_as_for_few(program, mine, five, django_assert_max_num_queries):
    program.get(STUDENTS)
    with django_assert_max_num_queries(16):
        assert len(program.get(STUDENTS).json()["results"]) == 5


def test_a_count_is_read_with_its_cells_children_and_checks(program, mine, browse, manager, settings):
    school = make.SiteFactory(district=mine)
    counted, left_out = child(mine, school, last_name="Savoie"), child(mine, school, races="")
    asked = {"district": mine.pk, "kind": "COUNT", "day": "Oct 1, 2026"}
    assert browse(manager).post(reverse("reports:snapshots"), asked).status_code == 302
    (count,) = program.get(reverse("api:count-list")).json()
    assert (count["day"], count["state"]) == ("2026-10-01", "FROZEN")
    about = {
        name: reverse(f"api:count-{name}", args=[count["id"]]) for name in ("cells", "children", "checks")
    }
    cells = program.get(about["cells"], {"file": "FS002"}).json()
    assert {"set": "EUT", "codes": {}, "children": 1} in cells
    told = {
        row["student"]: (row["counted"], row["reasons"]) for row in everything(program, about["children"])
    }
    assert told == {counted.pk: (True, []), left_out.pk: (False, ["NO_RACE"])}
    found = {one["number"]: one["findings"] for one in program.get(about["checks"]).json()}
    assert left_out.pk in [one["student"] for findings in found.values() for one in findings]
    noted = Entry.objects.filter(kind="EXPORTED").order_by("pk").values_list("details__rows", flat=True)
    assert list(noted) == [2, 1]
    settings.ESER_EXPORT_CAP = 0
    for name in ("children", "checks"):
        assert "one person takes away alone" in program.get(about[name]).json()["detail"]
    assert program.get(about["cells"], {"file": "FS009"}).json() == {
        "file": ["This count has FS002 and FS089."]
    }


def test_another_districts_count_is_not_there(mine, browse, manager, program):
    other = make.DistrictFactory()
    theirs = make.UserFactory(role=Role.DATA_MANAGER, role__district=other)
    asked = {"district": other.pk, "kind": "COUNT", "day": "Oct 1, 2026"}
    browse(theirs).post(reverse("reports:snapshots"), asked)
    (count,) = browse(theirs).get(reverse("api:count-list")).json()
    assert program.get(reverse("api:count-list")).json() == []
    assert program.get(reverse("api:count-detail", args=[count["id"]])).status_code == 404


def test_figures_withhold_small_numbers_from_who_sees_no_child(mine, browse, program):
    from reports.figures.day_counts import count_the_day

    child(mine)
    with scope.system():
        count_the_day(date(2026, 10, 1))
    above = browse(make.UserFactory(role=Role.SUPERINTENDENT, role__district=mine))
    for client, number in ((program, 1), (above, None)):
        (place,) = client.get(reverse("api:figure-list")).json()
        told = client.get(reverse("api:figure-detail", args=[place["place"]])).json()
        by_measure = {one["measure"]: one["numbers"] for one in told}
        assert by_measure["environment"] == {"RC80": number}


def test_an_indicator_is_read_by_district_as_its_page_shows_it(program, mine):
    make.CalendarFactory(district=mine)
    day = school_year_of(timezone.localdate() - timedelta(days=400)).first_day + timedelta(days=60)
    for days in (30, 200):
        make.EvaluationFactory(
            student=make.StudentFactory(district=mine), district=mine, referral_date=day, consent_date=day,
            outcome="ELIG", determination_date=day + timedelta(days=days),
            dissemination_date=day + timedelta(days=days),
        )  # fmt: skip
    elsewhere = make.DistrictFactory()
    year = school_year_of(day).label
    named = program.get(reverse("api:indicator-list")).json()
    (told,) = program.get(reverse("api:indicator-detail", args=[11]), {"year": year}).json()

    assert [row["number"] for row in named] == [11, 12, 13]
    assert (told["district"], told["counted"], told["in_time"], told["percent"]) == (mine.pk, 2, 1, 50.0)
    assert sum(told["standings"].values()) == 2
    assert elsewhere.pk != told["district"]


def test_disproportionality_is_read_race_by_race_of_ones_own_district(program, mine, five):
    rows = program.get(reverse("api:disproportionality-detail", args=[mine.pk])).json()
    other = reverse("api:disproportionality-detail", args=[make.DistrictFactory().pk])

    assert {row["race"] for row in rows} >= {"BL7", "WH7"}
    assert not any(row["significant"] for row in rows)
    assert program.get(other).status_code == 404


def test_the_description_has_examples_of_made_up_children(program):
    described = program.get(reverse("api:schema")).content.decode()
    assert "/api/reports/{slug}/" in described
    assert "Odette" in described


def test_a_token_that_asks_too_often_is_told_when_to_come_back(program, monkeypatch):
    from security.throttles import PerToken

    monkeypatch.setattr(PerToken, "rate", "2/min", raising=False)
    answers = [program.get(reverse("api:report-list")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert answers[2].json()["detail"]
