"""The list of authorized users: any day, as a file, and the part that is for everybody."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from security.actions.assign import assign, end_assignment
from security.actions.authorized import export
from security.actions.depart import depart
from security.actions.duties import change_duties
from security.models import AccessSettings, EndReason
from security.refusals import NotAllowed
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish", code="701")


@pytest.fixture
def coordinator(mine):
    return make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine, last_name="Istre")


@pytest.fixture
def client(coordinator, browse):
    return browse(coordinator)


def teacher_of(mine, last_name="Naquin", **more):
    school = make.SiteFactory(district=mine, name="Heron High")
    return make.UserFactory(role=Role.IEP_AUTHOR, role__site=school, last_name=last_name, **more)


def names(client, **query) -> list[str]:
    page = client.get(reverse("security:users"), query)
    return [row["name"].text.split(",")[0] for row in page.context["page"].rows]


@pytest.mark.rule("SEC-30")
def test_the_list_of_a_day_holds_exactly_who_had_a_role_on_it(mine, client):
    left, came = teacher_of(mine, "Left"), make.UserFactory(last_name="Came")
    row = left.assignments.get()
    ends = datetime(2026, 3, 31, 16, tzinfo=ZoneInfo("America/Chicago"))
    end_assignment(by=None, assignment=row, reason=EndReason.NO_LONGER_NEEDED, at=ends)
    assign(by=None, user=came, role=Role.READER, district=mine, first_day=date(2026, 4, 1))
    make.UserFactory(role=Role.READER, role__district=make.DistrictFactory(), last_name="Elsewhere")
    assert names(client, day="2026-03-31") == ["Istre", "Left"]
    assert names(client, day="2026-04-01") == ["Came", "Istre"]


@pytest.mark.rule("SEC-30")
def test_each_is_shown_with_position_role_places_iep_forms_staff_id_and_last_sign_in(mine, client):
    teacher_of(mine, position="Teacher", staff_id="20277")
    page = client.get(reverse("security:users"), {"name": "naq"}).content.decode()
    for said in ("Naquin", "Teacher, staff 20277", "Case manager", "Heron High", "Yes", "never"):
        assert said in page


@pytest.mark.rule("SEC-30")
def test_staff_of_an_overseen_site_are_on_the_list(mine, client):
    academy = make.AffiliationFactory(district=mine).site
    make.UserFactory(role=Role.READER, role__site=academy, last_name="Academy")
    assert "Academy" in names(client)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"name": "20277"}, ["Naquin"]),
        ({"name": "dana naq"}, ["Naquin"]),
        ({"role": "iep_author"}, ["Naquin"]),
        ({"name": "nobody"}, []),
        ({"day": "the day after"}, ["Istre", "Naquin"]),
        ({"sort": "-name"}, ["Naquin", "Istre"]),
    ],
)
def test_filters_narrow_it(mine, client, query, found):
    teacher_of(mine, staff_id="20277")
    assert names(client, **query) == found


@pytest.mark.rule("SEC-31")
def test_the_file_says_of_when_it_is_and_the_journal_who_took_it(mine, client, coordinator):
    teacher_of(mine, position="=HYPERLINK(1)")
    answer = client.get(reverse("security:users"), {"export": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Name"].split(",")[0] for row in rows] == ["Istre", "Naquin"]
    assert rows[1]["Position"] == "'=HYPERLINK(1)"
    assert rows[0]["As of"].startswith(f"{timezone.localdate()}, made ")
    entry = Entry.objects.get(kind="EXPORTED")
    assert (entry.actor_id, entry.district_id, entry.details["rows"]) == (coordinator.pk, mine.pk, 2)


@pytest.mark.rule("SEC-31")
def test_the_workbook_is_one(client):
    answer = client.get(reverse("security:users"), {"export": "xlsx"})
    assert answer.content.startswith(b"PK")


@pytest.mark.rule("SEC-30")
def test_the_public_list_is_closed_until_the_district_opens_it_and_holds_no_staff_id(mine, client):
    teacher_of(mine, position="Teacher", staff_id="20277")
    address = reverse("security:public_users", args=[mine.pk])
    assert Client().get(address).status_code == 404
    client.post(reverse("security:publish_users"), {"public": "yes"})
    page = Client().get(address).content.decode()
    assert "Naquin, Dana" in page
    assert "Teacher" in page
    assert "20277" not in page
    assert "Heron High" not in page
    client.post(reverse("security:publish_users"), {"public": "no"})
    assert Client().get(address).status_code == 404
    assert Entry.objects.filter(kind="PUBLIC_LIST").count() == 2


def test_a_teacher_sees_no_list_and_is_told_who_can(mine, browse):
    answer = browse(teacher_of(mine)).get(reverse("security:users"))
    assert answer.status_code == 403
    assert "security coordinator" in answer.content.decode()


@pytest.mark.rule("SEC-18")
def test_what_is_another_districts_is_not_found(mine, client):
    theirs = make.DistrictFactory()
    stranger = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=theirs)
    over_there = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=theirs)
    role = stranger.assignments.get()
    departure = depart(
        by=over_there, user=stranger, district=theirs, ends_at=timezone.now() + timedelta(days=30)
    )
    reader = make.UserFactory(role=Role.READER, role__district=theirs)
    (justified,) = change_duties(by=over_there, user=reader, district=theirs, note="moved")
    assert client.get(reverse("security:users"), {"district": theirs.pk}).status_code == 404
    assert client.get(reverse("security:access_of", args=[stranger.pk])).status_code == 404
    for name, pk in (
        ("leave", stranger.pk), ("duties", stranger.pk),
        ("end_role", role.pk), ("take_back", departure.pk), ("confirm_role", justified.pk),
    ):  # fmt: skip
        assert client.post(reverse(f"security:{name}", args=[pk])).status_code == 404, name


def test_the_page_of_a_person_says_who_gave_each_role_and_why_it_ended(mine, client, coordinator):
    teacher = teacher_of(mine)
    given = assign(by=coordinator, user=teacher, role=Role.ODR, district=mine, reason="signs at Heron")
    client.post(reverse("security:end_role", args=[given.pk]), {"reason": "MISTAKE", "note": "typo"})
    page = client.get(reverse("security:access_of", args=[teacher.pk])).content.decode()
    for said in (f"given by {coordinator}: signs at Heron", "given by mistake", "typo", "in force"):
        assert said in page


def test_a_role_is_ended_once(mine, client):
    teacher = teacher_of(mine)
    address = reverse("security:end_role", args=[teacher.assignments.get().pk])
    client.post(address, {"reason": "MISTAKE"})
    assert "ended already" in client.post(address, {"reason": "MISTAKE"}, follow=True).content.decode()


@pytest.mark.rule("SEC-44")
@pytest.mark.rule("ROL-09")
@pytest.mark.parametrize(
    ("first_day", "ended", "found"),
    [(date(2021, 8, 1), date(2022, 1, 1), 200), (date(2021, 8, 1), None, 200), (date(2023, 8, 1), None, 404),
     (date(2018, 8, 1), date(2019, 1, 1), 404)],
)  # fmt: skip
def test_of_a_site_overseen_once_only_people_of_that_time_are_found(mine, client, first_day, ended, found):
    site = make.AffiliationFactory(district=mine, last_day=date(2022, 6, 30)).site
    teacher = make.UserFactory(district=make.DistrictFactory())
    role = assign(by=None, user=teacher, role=Role.READER, site=site, first_day=first_day)
    if ended:
        at = datetime.combine(ended, time(12), tzinfo=UTC)
        end_assignment(by=None, assignment=role, reason=EndReason.NO_LONGER_NEEDED, at=at)
    assert client.get(reverse("security:access_of", args=[teacher.pk])).status_code == found


def test_a_role_at_a_site_that_the_district_oversees_is_ended_from_the_page_of_the_person(mine, client):
    teacher = make.UserFactory(role=Role.READER, role__site=make.AffiliationFactory(district=mine).site)
    address = reverse("security:end_role", args=[teacher.assignments.get().pk])
    assert address in client.get(reverse("security:access_of", args=[teacher.pk])).content.decode()
    client.post(address, {"reason": "NO_LONGER_NEEDED"})
    assert teacher.assignments.get().ended_at


def test_a_departure_is_typed_with_day_and_time(mine, client):
    teacher = teacher_of(mine)
    day = timezone.localdate() + timedelta(days=3)
    client.post(reverse("security:leave", args=[teacher.pk]), {"leave-day": str(day), "leave-hour": "16:30"})
    ends = timezone.localtime(teacher.assignments.get().ended_at)
    assert (ends.date(), ends.hour, ends.minute) == (day, 16, 30)


def test_settings_of_the_district_stay_as_they_were_when_the_list_is_opened(mine, client):
    AccessSettings.objects.create(district=mine, review_months=6)
    client.post(reverse("security:publish_users"), {"public": "yes"})
    assert AccessSettings.objects.get().review_months == 6


def test_many_people_ask_the_database_no_more(mine, client, django_assert_max_num_queries):
    for _ in range(40):
        teacher_of(mine)
    with django_assert_max_num_queries(22):
        assert len(names(client)) == 41


@pytest.mark.rule("SEC-31")
def test_the_file_is_for_who_looks_after_the_district(mine):
    wanted = {"district": mine, "kind": "csv", "day": "2026-09-17", "lines": []}
    elsewhere = {"role__district": make.DistrictFactory()}
    for stranger in (teacher_of(mine), make.UserFactory(role=Role.SECURITY_COORDINATOR, **elsewhere)):
        with pytest.raises(NotAllowed, match="of Cypress Parish can see who has access"):
            export(by=stranger, **wanted)
    assert export(by=make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine), **wanted)
