"""The rule book as people read it: every table, on any day, searched, and as a file."""

import csv
import io

import pytest
from django.urls import reverse

from rulebook.registry import all_tables
from security.rules.roles import Role
from tests.factories import DistrictFactory, UserFactory


@pytest.fixture
def reader(db, browse):
    return browse(UserFactory(role=Role.READER, role__district=DistrictFactory()))


def page(client, slug: str, **query) -> str:
    response = client.get(reverse("rulebook:table", args=[slug]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_index_names_every_table(reader):
    text = reader.get(reverse("rulebook:index")).content.decode()
    assert all(reverse("rulebook:table", args=[table.slug]) in text for table in all_tables())


@pytest.mark.parametrize(
    "slug", ["exit-codes", "state-profiles", "iep-fields", "roles", "deadlines", "countings"]
)
def test_a_table_opens(reader, slug):
    assert "Authority" in page(reader, slug)


def test_a_code_is_shown_with_its_meaning(reader):
    text = page(reader, "exit-codes", q="1941")
    assert "Exited to a school outside of the United States" in text
    assert "1 of 55 rows" in text


@pytest.mark.parametrize(
    ("on", "count"), [("2016-06-30", "54 of 54 rows; 1 not in force"), ("Jul 1, 2016", "55 of 55 rows")]
)
@pytest.mark.rule("OSSE-R1.05")
def test_a_table_is_shown_as_of_a_day(reader, on, count):
    assert count in page(reader, "exit-codes", on=on)


def test_a_day_that_is_none_is_said_to_be_none(reader):
    assert "“someday” is not a day" in page(reader, "exit-codes", on="someday")


def test_an_empty_search_says_what_to_do(reader):
    assert "No row of this table matches." in page(reader, "exit-codes", q="xyzzy")


def test_what_was_typed_is_not_markup(reader):
    assert "<script>alert" not in page(reader, "exit-codes", q="<script>alert(1)</script>")


def test_the_file_holds_the_rows_that_are_shown(reader):
    url = reverse("rulebook:download", args=["exit-codes"])
    response = reader.get(url, {"q": "dropped", "on": "2026-09-17"})
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [(row["profile"], row["code"]) for row in rows] == [("DC", "1980"), ("DC", "1985"), ("WI", "ODO")]
    assert response["Content-Disposition"] == 'attachment; filename="exit-codes-2026-09-17.csv"'


def test_a_file_for_no_day_is_refused(reader):
    assert reader.get(reverse("rulebook:download", args=["exit-codes"]), {"on": "someday"}).status_code == 400


def test_an_unknown_table_is_not_found(reader):
    assert reader.get(reverse("rulebook:table", args=["no-such-table"])).status_code == 404


@pytest.mark.parametrize("name", ["rulebook:index", "rulebook:table", "rulebook:download"])
def test_nobody_reads_it_without_signing_in(client, db, name):
    url = reverse(name, args=[] if name == "rulebook:index" else ["exit-codes"])
    assert client.get(url).status_code == 302


def test_the_link_to_the_file_asks_for_what_is_shown(reader):
    assert "exit-codes.csv?on=2016-06-30&amp;q=left+the" in page(
        reader, "exit-codes", on="6/30/2016", q="left the"
    )
