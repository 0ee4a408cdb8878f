"""Columns and groups are chosen in the page; a count opens its rows, the file holds what was chosen."""

import csv
import io
import re
from datetime import date

import pytest

from reports.lists.every import every_list
from reports.lists.groups import NOT_RECORDED
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def client(mine, browse):
    return browse(make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine))


def enrolled(district, name: str, grade: str, exit_code: str = "", **child):
    student = make.StudentFactory(district=district, last_name=name, **child)
    left = {"exit_code": exit_code, "last_day": date(2026, 9, 18)} if exit_code else {}
    make.EnrollmentFactory(student=student, district=district, grade=grade, **left)


def counted(page) -> dict[str, int]:
    return {line["words"]: line["n"] for line in page.context["lines"]}


def test_each_count_opens_its_rows_and_no_others(mine, client):
    for name, grade in (("Ada", "06"), ("Bea", "07"), ("Cleo", "06")):
        enrolled(mine, name, grade)
    enrolled(make.DistrictFactory(), "Thibodeaux", "06")
    page = client.get("/lists/enrollments/?by=grade")
    assert counted(page) == {"6": 2, "7": 1}
    assert "by=grade&amp;export=csv" in page.content.decode()
    opened = client.get(f"/lists/enrollments/{page.context['lines'][0]['url']}")
    assert [row["student"].text.split(",")[0] for row in opened.context["page"].rows] == ["Cleo", "Ada"]
    assert "Back to the counts" in opened.content.decode()


def test_every_cell_of_a_cross_table_opens_as_many_rows_as_it_says(mine, client):
    for name, grade, code in (("Ada", "06", ""), ("Bea", "06", "18"), ("Cleo", "07", "18")):
        enrolled(mine, name, grade, code)
    page = client.get("/lists/enrollments/?by=grade&across=exit_code")
    cells = [cell for line in page.context["lines"] for cell in line["cells"]]
    assert [n for n, _ in cells] == [1, 1, 1, 0]
    for n, url in [*cells, *page.context["total"]["cells"]]:
        assert len(client.get(f"/lists/enrollments/{url}").context["page"].rows) == n


def test_what_is_not_recorded_is_a_group_of_its_own(mine, client):
    enrolled(mine, "Ada", "")
    page = client.get("/lists/enrollments/?by=grade")
    assert counted(page) == {"Not recorded": 1}
    opened = client.get(f"/lists/enrollments/?by=grade&of={NOT_RECORDED}")
    assert len(opened.context["page"].rows) == 1


def test_days_are_counted_by_their_months(mine, client):
    enrolled(mine, "Ada", "06")
    (words,) = counted(client.get("/lists/enrollments/?by=first_day"))
    assert re.fullmatch(r"[A-Z][a-z]+ 20\d\d", words)


@pytest.mark.parametrize("slug", [slug for slug, found in every_list().items() if found.listed])
def test_no_name_and_no_text_groups_a_list(slug):
    """A group stands in the address of its rows."""
    found = every_list()[slug]
    can = {part.label for part in found.parts if part.can_group}
    assert not can & {"Last name", "First name", "Middle name", "State ID", "What was found", "Who"}


def test_the_page_and_the_file_hold_the_columns_that_were_chosen(mine, client):
    enrolled(mine, "Ada", "06")
    query = "columns=grade&columns=school&sort=-student"
    page = client.get(f"/lists/enrollments/?{query}")
    assert [column.label for column in page.context["state"].columns] == ["Student", "School", "Grade"]
    assert "columns=grade%2Cschool" in page.content.decode()  # every link keeps them
    answer = client.post(f"/lists/enrollments/export?{query}", {"format": "csv", "reason": "child count"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert rows == [["Last name", "School", "Grade"], ["Ada", rows[1][1], "06"]]


def test_the_file_of_an_opened_group_holds_its_rows_alone(mine, client):
    enrolled(mine, "Ada", "06")
    enrolled(mine, "Bea", "07")
    asked = "/lists/enrollments/export?by=grade&of=07&columns=grade"
    answer = client.post(asked, {"format": "csv", "reason": "child count"})
    assert b"".join(answer.streaming_content).decode().splitlines()[1:] == ["Bea,07"]
    assert "grade" in client.get("/lists/enrollments/export/ask?by=grade&of=07").content.decode().lower()


@pytest.mark.parametrize(
    "query", ["by=nothing", "by=student", "columns=%00", "by=grade&of=%27", "across=grade"]
)
def test_a_damaged_layout_shows_the_list(query, mine, client):
    enrolled(mine, "Ada", "06")
    assert client.get(f"/lists/enrollments/?{query}").status_code == 200
