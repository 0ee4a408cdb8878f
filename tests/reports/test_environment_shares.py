"""Indicators 5 and 6: shares of the federal count, today or frozen; each number opens its children."""

from collections import namedtuple

import pytest

from reports.models import Snapshot
from reports.rules.environment_shares import part_of, shares
from security.rules.roles import Role
from tests import factories as make
from tests.reports.federal.records import born, child
from tests.reports.test_export import get, table

Child = namedtuple("Child", "counted environment")


@pytest.mark.parametrize(
    ("number", "settings", "percents"),
    [
        (5, "RC80 RC80 RC79TO40 RC39", "50.0 % 25.0 % 0.0 %"),
        (5, "SS RF HH RC80", "25.0 % 0.0 % 75.0 %"),
        # In the denominator alone: settings that no part names.
        (5, "CF PPPS RC80", "33.3 % 0.0 % 0.0 %"),
        (6, "REC10YSVCS REC09YSVCS REC10YOTHLOC REC09YOTHLOC", "50.0 % 0.0 % 0.0 %"),
        (6, "SC SS RF H SPL", "0.0 % 60.0 % 20.0 %"),
        (6, "", "  "),
    ],
)
def test_a_share_is_of_all_who_are_counted(number, settings, percents):
    children = [*(Child(True, code) for code in settings.split()), Child(False, "RC80"), Child(False, "H")]
    assert " ".join(str(share) for _, share in shares(number, children)) == percents


@pytest.mark.parametrize(
    ("number", "code", "part"), [(5, "SS", "5C"), (6, "SS", "6B"), (5, "CF", "none"), (6, "RC80", "none")]
)
def test_a_setting_is_in_one_part_of_its_indicator(number, code, part):
    assert part_of(number, code) == part


@pytest.fixture
def mine(db):
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def client(mine, browse):
    return browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))


def fill(district) -> None:
    school = make.SiteFactory(district=district)
    for name, facts in {
        "Abel": {}, "Bea": {}, "Cleo": {"environment": "RC39"}, "Dora": {"environment": "CF"},
        "Emil": {"races": ""}, "Fay": {"age": 4, "grade": "PK", "environment": "H"},
    }.items():  # fmt: skip
        child(district, school, last_name=name, **facts)


def names(page) -> set[str]:
    return {row["student"].text.split(",")[0] for row in page.context["page"].rows}


def test_every_number_of_the_page_opens_so_many_children(mine, client):
    fill(mine)
    page = client.get("/indicators/5/")
    assert [row["percent"] for row in page.context["parts"].rows] == ["50.0 %", "25.0 %", "0.0 %"]
    assert names(page) == {"Abel", "Bea", "Cleo", "Dora", "Emil"}
    tables = (page.context[name].rows for name in ("parts", "settings", "reasons"))
    cells = [row[key] for rows in tables for row in rows for key in ("n", "of") if row.get(key)]
    assert len(cells) == 9
    for cell in cells:
        opened = client.get(f"/indicators/5/{cell.url.removesuffix('#children')}")
        assert len(names(opened)) == cell.text
    assert names(client.get("/indicators/5/?reason=NO_RACE")) == {"Emil"}
    assert names(client.get("/indicators/6/?part=6C")) == {"Fay"}


def test_a_frozen_count_stands_while_the_records_go_on(mine, client):
    fill(mine)
    client.post("/counts/", {"district": mine.pk, "kind": "COUNT", "day": "Oct 1, 2026"})
    frozen = Snapshot.objects.get()
    child(mine, last_name="Gus", environment="SS", birth_date=born(9))
    assert "Gus" in names(client.get("/indicators/5/"))
    then = client.get(f"/indicators/5/?count={frozen.pk}")
    assert "Gus" not in names(then)
    assert "was frozen" in then.content.decode()
    heads, *rows = table(get(client, "indicator-5", count=str(frozen.pk), part="5A"))
    assert {row[0] for row in rows} == {"Abel", "Bea"}


def test_a_frozen_count_opens_here_for_nobody_else_than_on_its_own_page(mine, client, browse):
    fill(mine)
    client.post("/counts/", {"district": mine.pk, "kind": "COUNT", "day": "Oct 1, 2026"})
    frozen = Snapshot.objects.get()
    reader = browse(make.UserFactory(role=Role.READER, role__district=mine))
    assert reader.get(f"/counts/{frozen.pk}/").status_code == 403
    assert reader.get(f"/indicators/5/?count={frozen.pk}").context["frozen"] is None


def test_the_state_sees_districts_side_by_side_by_their_latest_counts(mine, client, browse):
    other = make.DistrictFactory(name="Bayou Verde Parish", state=mine.state)
    fill(mine)
    for name in ("Hal", "Ida"):
        child(other, last_name=name, environment="SS")
    client.post("/counts/", {"district": mine.pk, "kind": "COUNT", "day": "Oct 1, 2026"})
    theirs = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=other))
    theirs.post("/counts/", {"district": other.pk, "kind": "COUNT", "day": "Oct 1, 2026"})
    assert client.get("/indicators/5/").context["districts"] is None
    page = browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR)).get("/indicators/5/")
    rows = [(row["counted"], row["5A"], row["5C"]) for row in page.context["districts"].rows]
    assert rows == [(2, "0.0 %", "100.0 %"), (4, "50.0 %", "0.0 %"), (6, "33.3 %", "33.3 %")]


def test_the_count_of_another_district_is_not_shown(mine, client):
    other = make.DistrictFactory(name="Bayou Verde Parish", state=mine.state)
    fill(other)
    page = client.get(f"/indicators/5/?district={other.pk}")
    assert page.status_code == 404
    assert names(client.get("/indicators/5/")) == set()
    assert table(get(client, "indicator-5", district=str(other.pk)))[1:] == []
