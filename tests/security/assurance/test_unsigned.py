"""Unsigned: no student by page, API or database; the grant is kept; signing opens all of it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from security import scope
from security.actions.assurance import latest_text, publish_text, remind, sign
from security.models import (
    AccessSettings,
    AssuranceSignature,
    AssuranceText,
    DistrictGrant,
    Notice,
)
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from security.scope import EVERYTHING, NOTHING, scope_of
from students.models import Student
from tests import factories as make
from tests.security.conftest import CHICAGO

pytestmark = pytest.mark.django_db
PAGES = ["/", "/students/", "/evaluations/", "/ieps/", "/lists/students/", "/jobs/", "/ed-fi/"]


@pytest.fixture
def unsigned(parish):
    """A data manager with a child in the district and no signature."""
    make.StudentFactory(district=parish.district)
    make.AssuranceTextFactory() if not AssuranceText.objects.exists() else None
    return make.UserFactory(
        assured=False, role=Role.DATA_MANAGER, role__district=parish.district, district=parish.district
    )


def signed_by(user, signed_at, text=None):
    text = text or AssuranceText.objects.first()
    return AssuranceSignature.objects.create(
        user=user, text=text, sha256=text.sha256, typed_name=str(user), signed_at=signed_at
    )


@pytest.mark.rule("SEC-04")
@pytest.mark.parametrize("address", PAGES)
def test_a_page_with_students_leads_to_the_assurance_and_back(browse, unsigned, address):
    answer = browse(unsigned).get(address)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("security:assurance"))
    assert "next=" in answer.url


@pytest.mark.rule("SEC-04")
def test_the_database_shows_no_student_before_signing(unsigned):
    assert scope_of(unsigned) == NOTHING
    with scope.of(unsigned):
        assert not Student.objects.exists()


@pytest.mark.rule("SEC-04")
def test_the_grant_is_kept(unsigned):
    assert DistrictGrant.objects.filter(user=unsigned).exists()
    assert unsigned.assignments.in_force().exists()


@pytest.mark.rule("SEC-04")
def test_the_api_says_why_and_where_to_sign(browse, unsigned):
    answer = browse(unsigned).get("/api/students/")
    assert answer.status_code == 403
    assert "not signed" in answer.json()["detail"]
    assert answer.json()["page"] == reverse("security:assurance")


@pytest.mark.rule("SEC-04")
def test_a_part_of_a_page_sends_the_whole_page_there(browse, unsigned):
    answer = browse(unsigned).get("/students/search", {"q": "Fon"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, reverse("security:assurance"))


def test_after_signing_one_is_back_on_the_page_that_a_part_was_asked_for(browse, unsigned):
    sent = {"HX-Request": "true", "HX-Current-URL": "http://testserver/students/"}
    answer = browse(unsigned).get("/students/search", {"q": "Fon"}, headers=sent)
    assert answer.headers["HX-Redirect"] == reverse("security:assurance") + "?next=%2Fstudents%2F"


@pytest.mark.rule("SEC-04")
def test_who_sees_no_student_by_role_is_not_asked(browse, parish):
    coordinator = make.UserFactory(
        assured=False, role=Role.SECURITY_COORDINATOR, role__district=parish.district
    )
    assert browse(coordinator).get("/").status_code == 200
    assert browse(coordinator).get("/access/").status_code == 200
    assert "You have signed" not in browse(coordinator).get("/assurance/").content.decode()


@pytest.mark.rule("SEC-04")
def test_a_statewide_role_is_covered_by_one_signature():
    assert scope_of(make.UserFactory(role=Role.SEA_ADMINISTRATOR)) == EVERYTHING
    assert scope_of(make.UserFactory(assured=False, role=Role.SEA_ADMINISTRATOR)) == NOTHING


@pytest.mark.rule("SEC-05")
def test_signing_opens_the_page_that_was_asked_for(browse, unsigned):
    client = browse(unsigned)
    page = client.get("/students/", follow=True)
    sent = {"text": page.context["text"].pk, "typed_name": str(unsigned), "next": "/students/"}
    answer = client.post(reverse("security:assurance"), sent)
    assert (answer.status_code, answer.url) == (302, "/students/")
    assert client.get("/students/").status_code == 200


@pytest.mark.rule("SEC-05")
def test_a_signature_holds_text_hash_name_time_and_address(browse, unsigned):
    text = AssuranceText.objects.get()
    browse(unsigned).post(reverse("security:assurance"), {"text": text.pk, "typed_name": str(unsigned)})
    row = AssuranceSignature.objects.get(user=unsigned)
    assert (row.text, row.sha256, row.typed_name) == (text, text.sha256, str(unsigned))
    assert row.ip == "127.0.0.1"
    assert timezone.now() - row.signed_at < timedelta(minutes=5)


@pytest.mark.rule("SEC-05")
@pytest.mark.parametrize("deed", ["update", "delete"])
def test_a_signature_and_its_text_are_never_changed(parish, deed):
    for rows in (AssuranceSignature.objects.all(), AssuranceText.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete() if deed == "delete" else rows.update(id=-1)


@pytest.mark.parametrize("name", ["", "Somebody Else"])
def test_another_name_is_no_signature(browse, unsigned, name):
    answer = browse(unsigned).post(
        reverse("security:assurance"), {"text": AssuranceText.objects.get().pk, "typed_name": name}
    )
    assert answer.status_code == 400
    assert not unsigned.signatures.exists()


def test_signing_leads_to_no_foreign_address(browse, unsigned):
    sent = {"text": AssuranceText.objects.get().pk, "typed_name": str(unsigned), "next": "//evil.example/"}
    assert browse(unsigned).post(reverse("security:assurance"), sent).url == "/"


def test_a_replayed_form_signs_once(unsigned):
    text = AssuranceText.objects.get()
    first = sign(by=unsigned, text=text, typed_name=str(unsigned))
    assert sign(by=unsigned, text=text, typed_name=str(unsigned)) == first
    assert unsigned.signatures.count() == 1


def test_a_stale_tab_does_not_sign_an_older_text(unsigned, parish):
    old = AssuranceText.objects.get()
    publish_text(by=None, state=parish.district.state, text="A newer text.")
    with pytest.raises(RuleBroken, match="newer version"):
        sign(by=unsigned, text=old, typed_name=str(unsigned))


@pytest.mark.rule("SEC-06")
@pytest.mark.parametrize(("rolling", "sees"), [(False, False), (True, True)])
def test_at_midnight_of_july_first_the_old_signature_counts_no_longer(unsigned, parish, clock, rolling, sees):
    if rolling:
        AccessSettings.objects.create(district=parish.district, assurance_period="ROLLING")
    signed_by(unsigned, timezone.datetime(2022, 8, 4, 12, tzinfo=CHICAGO))
    clock(2023, 6, 30, 23, 59, 59)
    assert not scope_of(unsigned).is_empty
    del unsigned._holdings
    clock(2023, 7, 1, 0, 0, 0)
    assert scope_of(unsigned).is_empty is not sees


@pytest.mark.rule("SEC-07")
@pytest.mark.parametrize(("again", "sees"), [(False, True), (True, False)])
def test_a_new_text_is_signed_again_only_where_it_says_so(unsigned, parish, again, sees):
    signed_by(unsigned, timezone.now())
    publish_text(by=None, state=parish.district.state, text="A newer text.", sign_again=again)
    assert (not scope_of(unsigned).is_empty) is sees


@pytest.mark.rule("SEC-07")
def test_only_the_state_publishes_a_text(browse, parish):
    address = reverse("security:publish_assurance", args=[parish.district.state_id])
    with pytest.raises(NotAllowed):
        publish_text(by=parish.coordinator, state=parish.district.state, text="Mine.")
    assert browse(parish.coordinator).post(address, {"text": "Mine."}).status_code == 403
    browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR)).post(address, {"text": "The state's."})
    assert AssuranceText.objects.order_by("-version").first().text == "The state's."


@pytest.mark.rule("SEC-08")
@pytest.mark.parametrize(
    ("day", "told"),
    [((2023, 5, 31, 5), 0), ((2023, 6, 1, 5), 1), ((2023, 6, 24, 5), 1), ((2023, 7, 1, 5), 1)],
)
def test_person_and_coordinator_are_told_once_at_each_threshold(unsigned, parish, clock, day, told):
    signed_by(unsigned, timezone.datetime(2022, 8, 4, tzinfo=CHICAGO))
    Notice.objects.all().delete()
    clock(*day)
    remind()
    remind()
    about = Notice.objects.filter(key__startswith="assurance-", key__contains="2023-07-01")
    assert about.filter(user=unsigned).count() == told
    assert about.filter(user=parish.coordinator).count() == told


@pytest.mark.rule("SEC-08")
def test_all_three_thresholds_are_told_one_after_the_other(unsigned, clock):
    signed_by(unsigned, timezone.datetime(2022, 8, 4, tzinfo=CHICAGO))
    for day in ((6, 1), (6, 12), (6, 24), (6, 30), (7, 1), (7, 2)):
        clock(2023, *day, 5)
        remind()
    assert Notice.objects.filter(user=unsigned, key__startswith="assurance-").count() == 3


@pytest.mark.rule("SEC-05")
def test_behind_a_proxy_the_signature_holds_the_address_of_the_person(browse, unsigned, settings):
    settings.ESER_PROXIES = 1
    typed = {"text": latest_text(unsigned.assignments.get().state_id).pk, "typed_name": str(unsigned)}
    browse(unsigned).post("/assurance/", typed, headers={"X-Forwarded-For": "203.0.113.9"})
    assert AssuranceSignature.objects.get(user=unsigned).ip == "203.0.113.9"
