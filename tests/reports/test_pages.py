"""The pages of the lists: what there is, each list, and the question before an export."""

import pytest

from reports.lists.every import every_list
from security.rules.roles import Role
from tests import factories as make
from tests.reports.test_export import records_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make.DistrictFactory()


@pytest.mark.parametrize("slug", [slug for slug, found in every_list().items() if not found.page])
def test_a_list_shows_my_rows_and_links_to_its_files(slug, mine, browse):
    records_of(make.StudentFactory(district=mine, last_name="Amédée"), mine)
    manager = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)
    page = browse(manager).get(f"/lists/{slug}/?by=rows")
    assert page.status_code == 200
    assert slug == "journal" or "Amédée" in page.content.decode()
    assert "export=csv" in page.content.decode() or not page.context["page"].rows


def test_the_export_link_of_a_list_asks_first(mine, browse):
    client = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))
    answer = client.get("/lists/services/?open=open&export=csv")
    assert answer.url == "/lists/services/export/ask?open=open&format=csv"
    page = client.get(answer.url).content.decode()
    assert "Export 0 rows" in page
    assert "Running" in page


def test_the_journal_is_a_list_for_those_who_may_see_who_looked(mine, browse):
    assert (
        browse(make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine))
        .get("/lists/journal/")
        .status_code
        == 200
    )
    assert (
        browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))
        .get("/lists/journal/")
        .status_code
        == 404
    )


def test_the_index_counts_what_is_in_my_scope(mine, browse):
    make.StudentFactory(district=mine)
    make.StudentFactory(district=make.DistrictFactory())
    page = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)).get("/lists/")
    shown = {found.slug: count for found, _, count in page.context["rows"]}
    counts = {slug: count.n for slug, count in shown.items() if every_list()[slug].quick}
    assert counts.pop("students") == 1
    assert set(counts.values()) == {0}
    assert {"child-count", "without-plan", "deadlines", "ed-fi-errors", "iep-caseloads"} <= shown.keys()
    assert {"enrollments", "exits", "duties", "seats", "findings", "ieps"} <= counts.keys()


@pytest.mark.parametrize(
    "query", ["grade=99", "sort=nothing", "page=0", "page=99999999999", "kind=\u0000", "name=%27"]
)
def test_a_damaged_query_shows_the_list(query, mine, browse):
    client = browse(make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine))
    assert client.get(f"/lists/enrollments/?{query}").status_code == 200
