"""The calculators as pages: the data typed stand beside the answer; nothing is kept."""

import pytest
from django.urls import reverse

from journal.models import Entry
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
BREAKS = {
    "first_from": "Nov 23, 2026", "first_to": "11/27/2026",
    "second_from": "2026-12-21", "second_to": "Jan 1, 2027",
}  # fmt: skip
SCORES = (
    "Nov 12, 2026 8\n11/18/2026; 9\n2026-12-01 6\nDec 8, 2026: 8\n12/15/26 9\n12/17/26 10\nJan 5, 2027 70 %\n"
)


@pytest.fixture
def client(browse):
    return browse(make.UserFactory(role=Role.IEP_AUTHOR, role__district=make.DistrictFactory()))


def test_regression_shows_the_data_beside_the_answer(client):
    scores = SCORES.replace("70 %", "7") + "Jan 12, 2027 8"
    answer = client.post(reverse("ieps:regression"), {"scores": scores, **BREAKS})
    page = answer.content.decode()
    assert "Regression-recoupment meets the criterion" in page
    assert "8, 9: highest 9" in page
    assert "Thursday, Dec 17, 2026" in page
    assert not Entry.objects.filter(actor_id=answer.wsgi_request.user.pk).exists()
    assert not AccessRecord.objects.filter(user=answer.wsgi_request.user).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"scores": "Nov 31, 2026 8"}, "Line 1, “Nov 31, 2026 8”: November has 30 days."),
        ({"scores": "Nov 3, 2026 eight"}, "Line 1, “Nov 3, 2026 eight”: Write a day and a score."),
        ({"scores": "Nov 3, 2026 NaN"}, "Write a day and a score."),
        ({"scores": ""}, "Enter the data points, one a line."),
        ({"scores": "8/1/2026 1\n" * 201}, "At most 200 data points at once."),
        ({"first_to": "Nov 1, 2026"}, "A break ends on or after its first day, within a year."),
        ({"second_from": "Nov 27, 2026"}, "The second break begins after the first one has ended."),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_lost(client, typed, sentence):
    answer = client.post(reverse("ieps:regression"), {"scores": SCORES, **BREAKS, **typed})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert "Jan 1, 2027" in answer.content.decode()


def test_leap_connect_says_what_is_still_needed(client):
    said = {
        "cohort": "later", "completed_grade5": "yes", "deviations": "2.1", "adaptive": "yes",
        "evidence": "no", "not_because": "yes",
    }  # fmt: skip
    page = client.post(reverse("ieps:leap_connect"), said).content.decode()
    assert "The thresholds of LEAP Connect are not met yet" in page
    assert "<li>additional empirical evidence</li>" in page
    assert "LAC 28:XCVII.505.A" in page
