"""The calendar on its page and on the command line, and the list of legacy users."""

import json
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from migration.models import Acceptance, Party, RolloverCalendar
from security.models import Assignment
from security.rules.roles import Role
from tests import factories as make
from tests.migration.cutover import HOUR, accepted, legacy_user, planned, run_of, sea, vendor

pytestmark = pytest.mark.django_db
PAGE = "/rollover/calendar/"
INSTANTS = {
    "freeze_at_day": "Jul 24, 2022", "freeze_at_time": "11:59 PM",
    "transfer_at_day": "Jul 25, 2022", "checks_at_day": "7/25/2022",
    "go_live_at_day": "Aug 1, 2022", "reason": "",
}  # fmt: skip


@pytest.fixture
def by():
    return sea()


def page_of(client, **more) -> str:
    return client.get(PAGE, **more).content.decode()


@pytest.mark.rule("RLO-01", "RLO-17")
def test_the_state_puts_in_force_what_its_profile_proposes(by, browse):
    make.StateFactory()
    client = browse(by)
    assert "No calendar is in force" in page_of(client)
    form = client.get(reverse("migration:plan")).content.decode()
    assert "<h1>Put a calendar in force</h1>" in form
    assert 'value="Jul 24, 2022"' in form
    assert 'value="11:59 PM"' in form
    assert client.post(reverse("migration:plan"), INSTANTS).url == PAGE
    calendar = RolloverCalendar.objects.get()
    assert calendar.freeze_at.isoformat() == "2022-07-25T04:59:00+00:00"
    assert calendar.go_live_at.isoformat() == "2022-08-01T05:00:00+00:00"
    page = page_of(client)
    assert "Jul 24, 2022, 11:59 pm CDT" in page
    assert "No extract is loaded yet." in page
    assert "All records are view only until the go-live planned for Aug 1, 2022" in page


def test_a_wrong_order_is_said_beside_the_field(by, browse):
    make.StateFactory()
    answer = browse(by).post(reverse("migration:plan"), {**INSTANTS, "go_live_at_day": "Jul 1, 2022"})
    assert answer.status_code == 400
    assert answer.context["form"].errors["go_live_at_day"] == ["This comes after the phase before it."]


@pytest.mark.rule("RLO-16", "RLO-17")
def test_both_parties_accept_on_the_page_and_the_state_goes_live(by, browse):
    support = vendor()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    run = run_of(calendar.of_state, calendar.freeze_at)
    state, other = browse(by), browse(support)
    assert "is not accepted by the vendor" in page_of(other)
    assert state.post(reverse("migration:accept_for", args=[run.pk, "vendor"])).status_code == 403
    for client, party in ((state, "sea"), (other, "vendor")):
        assert client.post(reverse("migration:accept_for", args=[run.pk, party])).url == PAGE
    assert f"Go live with run {run.pk}" in page_of(state)
    assert "Go live with run" not in page_of(other)
    answer = state.post(reverse("migration:live"), follow=True)
    assert "data entry may resume" in answer.content.decode()
    assert "Live since" in page_of(other)
    assert RolloverCalendar.objects.get().live_run == run


@pytest.mark.rule("RLO-16")
def test_too_early_is_told_on_the_page(by, browse):
    planned(by)
    answer = browse(by).post(reverse("migration:live"), follow=True)
    assert "The go-live is not before" in answer.content.decode()


@pytest.mark.rule("RLO-01")
def test_by_hand_needs_a_reason(by, browse):
    calendar = planned(by, freeze=HOUR, go_live=48 * HOUR)
    answer = browse(by).post(reverse("migration:shut"), {"reason": ""})
    assert (answer.status_code, "Say why." in answer.content.decode()) == (400, True)
    browse(by).post(reverse("migration:shut"), {"reason": "The server fails."})
    calendar.view_only.refresh_from_db()
    assert calendar.view_only.reason == "The server fails."


@pytest.mark.rule("RLO-18")
def test_the_page_rolls_back_only_with_a_reason_and_a_new_day(by, browse):
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    accepted(calendar, by, vendor())
    client = browse(by)
    client.post(reverse("migration:live"))
    answer = client.post(reverse("migration:back"), {"reason": "", "go_live_at_day": ""})
    assert answer.status_code == 400
    typed = {"reason": "The vendor asks.", "go_live_at_day": "today", "go_live_at_time": "12:00 AM"}
    answer = client.post(reverse("migration:back"), typed)
    assert "The new go-live is in the future." in answer.content.decode()


# ---- the command line --------------------------------------------------------------------------------------


def said(capsys, *words: str) -> str:
    call_command("rollover", *words)
    return capsys.readouterr().out.strip()


@pytest.mark.rule("RLO-16", "RLO-17")
def test_an_operator_sees_where_it_is_accepts_and_goes_live(by, capsys):
    support = vendor()
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    assert "No extract is loaded yet. To act: State administrator." in said(capsys, "status")
    run = run_of(calendar.of_state, calendar.freeze_at)
    with pytest.raises(CommandError, match="is not accepted by the vendor"):
        call_command("rollover", "go-live", "--json", by=by.username)
    assert "is not accepted by the vendor" in json.loads(capsys.readouterr().out)["refused"]
    said(capsys, "accept", "--as", "sea", "--by", by.username)
    told = json.loads(said(capsys, "status", "--json"))
    assert (told["phase"], told["view_only"], told["run"]) == ("acceptance", True, run.pk)
    assert (told["accepted"]["sea"]["by"], told["accepted"]["vendor"]) == (by.username, None)
    assert [row["phase"] for row in told["blocked_by"]] == ["acceptance"]
    with pytest.raises(CommandError, match="two persons|Only"):
        call_command("rollover", "accept", "--as", "vendor", "--by", by.username)
    with pytest.raises(CommandError):
        call_command("rollover", "accept", "--as", "vendor", "--by", by.username, "--json")
    refused = json.loads(capsys.readouterr().out)
    assert (refused["run"], "refused" in refused) == (run.pk, True)
    done = json.loads(said(capsys, "accept", "--as", "vendor", "--by", support.username, "--json"))
    assert (done["run"], done["party"], done["by"]) == (run.pk, "vendor", support.username)
    capsys.readouterr()
    live = json.loads(said(capsys, "go-live", "--by", by.username, "--json"))
    assert (live["run"], datetime.fromisoformat(live["live_since"]) <= timezone.now()) == (run.pk, True)
    assert json.loads(said(capsys, "status", "--json"))["phase"] == "live"


@pytest.mark.rule("RLO-18")
def test_an_operator_rolls_back(by, capsys, monkeypatch):
    calendar = planned(by, go_live=timedelta(seconds=0.01))
    accepted(calendar, by, vendor())
    said(capsys, "go-live", "--by", by.username)
    # What the test itself has written belongs to its one transaction.
    monkeypatch.setattr(import_module("migration.actions.roll_back"), "written_since", lambda calendar: {})
    words = ("roll-back", "--by", by.username, "--reason", "Back.", "--go-live", "2099-08-03")
    assert said(capsys, *words).endswith("planned for Aug 3, 2099, 12:00 am CDT.")
    assert not Acceptance.objects.standing().filter(party=Party.SEA).exists()


def test_without_a_calendar_the_status_says_what_is_known(by, capsys):
    run = run_of(make.StateFactory(), timezone.now())
    told = json.loads(said(capsys, "status", "--json"))
    assert (told["phase"], told["view_only"], told["run"]) == (None, False, run.pk)
    assert "No calendar is in force" in said(capsys, "status")


# ---- legacy users ------------------------------------------------------------------------------------------


@pytest.mark.rule("RLO-20")
def test_a_coordinator_sees_who_had_access_in_the_own_district_and_what_they_have_now(browse, by):
    district, other = make.DistrictFactory(name="Heron Parish"), make.DistrictFactory()
    coordinator = make.DesignationFactory(district=district).user
    here = make.UserFactory(role=Role.DATA_MANAGER, role__district=district, staff_id="4711")
    school = make.SiteFactory(district=district, name="Heron High School", code="471101")
    legacy_user(district, "Quillfeather", staff_id="4711", site_code=school.code)
    legacy_user(district, "Thibaut", unlinked=True, is_active=False)
    legacy_user(other, "Elsewhere")
    before = list(Assignment.objects.order_by("pk").values())
    page = browse(coordinator).get("/rollover/legacy-users/").content.decode()
    assert "Quillfeather" in page
    assert "Data manager" in page
    assert "Heron High School, 471101" in page
    assert "none: a new request is needed" in page
    assert "Elsewhere" not in page
    assert "Thibaut" not in browse(coordinator).get("/rollover/legacy-users/?active=yes").content.decode()
    assert "Elsewhere" in browse(by).get("/rollover/legacy-users/").content.decode()
    assert browse(here).get("/rollover/legacy-users/").status_code == 403
    assert list(Assignment.objects.order_by("pk").values()) == before


@pytest.mark.rule("RLO-20")
def test_the_desk_of_a_coordinator_leads_to_the_list(browse):
    district = make.DistrictFactory(name="Heron Parish")
    coordinator = make.DesignationFactory(district=district).user
    legacy_user(district, "Quillfeather")
    desk = browse(coordinator).get(reverse("security:desk"), follow=True).content.decode()
    assert "1 person of Heron Parish had access to the legacy system" in desk
