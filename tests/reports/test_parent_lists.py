"""Notices and requests for records leave as their pages show them: guarded, within scope, noted."""

from datetime import date

import pytest

from journal.models import Entry
from notices.models import Delivery, Notice, RecordsRequest
from security import scope
from security.rules.roles import Role
from tests import factories as make
from tests.reports.test_export import get, table

pytestmark = pytest.mark.django_db
PAGES = {"notices": "/parents/notices/", "records-requests": "/parents/records/"}


def parish(child: str):
    district = make.DistrictFactory()
    student = make.StudentFactory(district=district, last_name=child)
    with scope.system():
        notice = Notice.objects.create(
            student=student, district=district, kind="MEETING", event_on=date(2026, 10, 20),
            issued_on=date(2026, 10, 1), issued_by_id=1, sha256="made up",
        )  # fmt: skip
        Delivery.objects.create(
            notice=notice, district=notice.district, channel="MAIL", on=date(2026, 10, 4), to="Corinne Dupre"
        )
        Delivery.objects.create(
            notice=notice, district=notice.district, channel="HAND", on=date(2026, 10, 2), to="Corinne Dupre"
        )
        RecordsRequest.objects.create(
            student=student,
            district=district,
            asked_by="=Corinne Dupre",
            asked_on=date(2026, 9, 1),
            what="All",
        )
    return district


@pytest.fixture
def mine():
    parish("Thibodeaux")
    return parish("Fontenot")


@pytest.fixture
def client(mine, browse):
    return browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("notices", {"Notice": "IEP meeting notice", "Delivered": "2026-10-02", "How": "handed over"}),
        ("records-requests", {"Who asked": "'=Corinne Dupre", "Asked on": "2026-09-01", "Answered": ""}),
    ],
)
def test_the_file_holds_the_child_of_my_district_alone(slug, said, client):
    labels, row = table(get(client, slug, format="csv"))
    found = dict(zip(labels, row, strict=True))
    assert found["Last name"] == "Fontenot"
    assert {label: found[label] for label in said} == said
    assert Entry.objects.filter(kind="EXPORTED", details__list=slug).exists()


@pytest.mark.parametrize(
    ("slug", "state", "rows"),
    [("notices", "delivered", 1), ("notices", "undelivered", 0), ("notices", "drafts", 0),
     ("records-requests", "open", 1), ("records-requests", "answered", 0)],
)  # fmt: skip
def test_the_file_is_filtered_as_its_page(slug, state, rows, client):
    page = client.get(f"{PAGES[slug]}?state={state}").content.decode()
    assert (f"/lists/{slug}/export?" in page) is bool(rows)
    assert len(table(get(client, slug, format="csv", state=state))) == 1 + rows
