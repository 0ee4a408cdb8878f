"""A right held in one district reaches no record of another, where the same person only reads.

The child moved. Its earlier district, where this person exports and sees the exchange, reads its own time;
the present one, where the person is a reader, would show everything.
"""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from edfi.actions.take_away import take_away
from edfi.files import DESK
from edfi.models import Connection, Trouble
from edfi.tasks import write_file
from jobs.models import Job
from reports import actions
from reports.lists.every import every_list
from security import scope
from security.actions.assign import assign
from security.rules.roles import Role
from tests import factories as make
from tests.conftest import has_just_shown

pytestmark = pytest.mark.django_db
LEFT = date(2025, 5, 30)
OURS, THEIRS = "What was refused in Heron.", "What was refused in Cypress."


@pytest.fixture
def before():
    return make.DistrictFactory(name="Heron Parish")


@pytest.fixture
def now(before):
    return make.DistrictFactory(name="Cypress Parish", state=before.state)


@pytest.fixture
def evaluated(before, now):
    """In both districts; the Ed-Fi desk has a line of each."""
    child = make.StudentFactory(state=before.state, district=before, district__last_day=LEFT)
    make.JurisdictionFactory(student=child, district=now, first_day=LEFT + timedelta(days=1))
    link = Connection.objects.create(name="State", state=before.state, base_url="http://127.0.0.1:9/")
    rows = [make.EvaluationFactory(student=child, district=district) for district in (before, now)]
    for row, sentence in zip(rows, (OURS, THEIRS), strict=True):
        with scope.elevated():
            Trouble.objects.create(
                connection=link, student=child, district=row.district, evaluation_id=row.pk, code="refused",
                needs="person", sentence=sentence, first_seen=timezone.now(), last_seen=timezone.now(),
            )  # fmt: skip
    return rows


@pytest.fixture
def me(before, now):
    user = make.UserFactory(role=Role.DATA_MANAGER, role__district=before)
    assign(by=None, user=user, role=Role.READER, district=now)
    return user


def test_over_the_api_and_in_a_file_go_those_of_the_district_of_the_right(evaluated, me, browse):
    ours, theirs = evaluated
    rows = browse(me).get("/api/reports/evaluations/").json()["results"]
    assert [row["id"] for row in rows] == [ours.pk]
    found = every_list()["evaluations"]
    order = actions.Order(found, found.state({}), "csv", "audit")
    with scope.of(me):
        assert actions.count(me, order) == 1
        assert found.filtered(me.scope(), found.state({})).count() == 2
        assert theirs.student.evaluations.count() == 2


def test_a_list_with_a_right_of_its_own_shows_where_it_is_held(evaluated, me, browse):
    page = browse(me).get("/lists/ed-fi-errors/").content.decode()
    assert (OURS in page, THEIRS in page) == (True, False)
    assert browse(me).get("/lists/evaluations/").context["page"].count.n == 2


def test_the_ed_fi_desk_and_its_file_are_of_the_district_of_the_right(evaluated, me, browse, settings):
    client = browse(me)
    page = client.get("/ed-fi/lines/").content.decode()
    assert (OURS in page, THEIRS in page) == (True, False)
    with scope.of(me):
        file = take_away(by=me, listing=DESK, query={}, reason="for the meeting")
    assert (OURS in file, THEIRS in file) == (True, False)
    settings.ESER_EXPORT_AT_ONCE = 0
    has_just_shown(client, me, "password")
    client.post("/ed-fi/lines/file/", {"reason": "for the meeting"})
    job = Job.objects.get()
    write_file(job.pk)
    job.refresh_from_db()
    written = b"".join(client.get(f"/documents/{job.result_id}/").streaming_content).decode()
    assert (job.total, OURS in written, THEIRS in written) == (1, True, False)
