"""Every number of a run opens its records, and a record stands beside its legacy text."""

import csv
import io

import pytest
from django.db import connection
from django.urls import reverse

from migration.accounting.became import FINDERS
from migration.models import ArchiveVisit, LoadRun
from migration.rules.became import became
from migration.rules.layout import layouts
from migration.sample import PAST, write_sample
from security import scope
from security.models import AccessRecord
from security.rules.roles import Role
from tests.factories import UserFactory
from tests.migration.conftest import places, run_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path) -> LoadRun:
    write_sample(tmp_path)
    return run_over(tmp_path / "legser.dat", places(tmp_path))


@pytest.fixture
def client(browse):
    return browse(UserFactory(role=Role.SEA_ADMINISTRATOR))


def rows_of(client, run, **asked) -> list[dict]:
    return client.get(reverse("migration:records", args=[run.pk]), asked).context["rows"]


def line_of(client, run, key: str, **asked) -> str:
    row = next(row for row in rows_of(client, run, **asked) if row["record"].text == key)
    return client.get(row["record"].url).content.decode()


@pytest.mark.rule("RLO-06")
def test_each_number_of_the_account_opens_as_many_rows(client, run):
    for count in run.record_counts.exclude(extracted=0):
        for fate in ("", "migrated", "archived", "rejected"):
            number = getattr(count, fate or "extracted")
            assert len(rows_of(client, run, type=count.record_type, fate=fate)) == number


def test_each_control_total_opens_as_many_rows(client, run):
    for district, measures in run.control_totals.items():
        for measure, at in measures.items():
            assert len(rows_of(client, run, measure=measure, district=district)) == at["live"]


def test_many_rows_are_cut_into_pages(client, run):
    first = client.get(reverse("migration:records", args=[run.pk]), {"size": "25"}).context["page"]
    second = client.get(reverse("migration:records", args=[run.pk]), {"size": "25", "page": "2"})
    assert (first.count.n, first.has_next, len(second.context["rows"])) == (40, True, 15)


@pytest.mark.rule("RLO-19")
def test_a_migrated_record_stands_beside_its_legacy_text(client, run):
    page = line_of(client, run, "000700011", type="01")
    assert "Aug 12, 2019, 8:00 am" in page
    assert "NNNNY" in page  # the line as it stands
    assert "900000011" not in page  # the Social Security number is left out
    with scope.system():
        assert AccessRecord.objects.filter(what="rollover, a record beside its legacy text").count() == 1


def test_a_field_that_says_something_else_here_is_told(client, run):
    with scope.system(), connection.cursor() as cursor:
        cursor.execute("UPDATE students_student SET grade = '08' WHERE legacy_key = '000700011'")
    page = line_of(client, run, "000700011", type="01")
    assert "06 Sixth" in page
    assert "08 Eighth" in page


TOLD = {
    "10": ("000020011|01", ["Mar 14, 2023", "Will retell a story in order"]),
    "11": ("000020011|A|SEI", ["Mar 15, 2022", ">30<", ">5<"]),
    "13": ("91100101", ["Thibodeaux", "9110010001"]),
}


@pytest.mark.rule("RLO-19")
@pytest.mark.parametrize(("code", "key", "words"), [(code, *row) for code, row in TOLD.items()], ids=TOLD)
def test_a_goal_a_service_and_a_user_stand_beside_their_legacy_text(client, run, code, key, words):
    page = line_of(client, run, key, type=code)
    for word in words:
        assert page.count(word) >= 2, word


def test_an_archived_and_a_rejected_record_say_what_they_are(client, run):
    archived = line_of(client, run, f"{700_000 + PAST:09}", type="01", fate="archived")
    assert "packed with the archived records" in archived
    with scope.system():
        assert ArchiveVisit.objects.get().archive.whole  # noted for the parent who asks
    rejected = line_of(client, run, "000700001", type="01", fate="rejected")
    assert "LASID is not ten digits" in rejected
    assert "not loaded" in rejected


def test_without_its_extract_the_page_of_a_line_says_so(client, run, tmp_path):
    (tmp_path / "legser.dat").unlink()
    page = client.get(reverse("migration:line", args=[run.pk, 2])).content.decode()
    assert "The extract is not there any more" in page


@pytest.mark.parametrize("number", [0, 1, 100_000])
def test_a_line_that_is_no_record_is_not_there(client, run, number):
    assert client.get(reverse("migration:line", args=[run.pk, number])).status_code == 404


def test_when_staging_is_lost_the_list_says_so(client, run):
    with scope.system(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE staging.cutover")
    page = client.get(reverse("migration:records", args=[run.pk])).content.decode()
    assert "lost in a crash" in page
    assert reverse("migration:rejected", args=[run.pk]) in page


def test_every_field_of_a_loaded_type_says_what_it_became():
    owners = {"SER_STUDENT_KEY", "EVAL_KEY", "IEP_KEY", "LINE_NO", "RECORD_TYPE"}
    fields = {(code, field.field) for code in ("01", *FINDERS) for field in layouts()[code]}
    assert {pair for pair in fields - became().keys() if pair[1] not in owners} == set()


def test_the_report_is_printed_and_given_as_csv(client, run):
    pdf = client.get(reverse("migration:report", args=[run.pk]))
    assert pdf.content.startswith(b"%PDF")
    answer = client.get(reverse("migration:reconciliation_csv", args=[run.pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert ["911", "drafts", "2", "2", "2"] in rows
    assert ["command line", "Started the run"] in [row[:2] for row in rows]
    assert ["record type", "field", "decision"] in rows


def test_the_chart_says_in_words_what_it_shows(client, run):
    page = client.get(reverse("migration:run", args=[run.pk])).content.decode()
    assert "Rollover reconciliation. Students 40: 38 migrated, 1 archived, 1 rejected" in page
