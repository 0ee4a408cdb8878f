"""The page of a district's ODS: set up, checked, read, given meanings, read every night."""

import pytest
from django.urls import reverse

from edfi.actions import ods as setup
from edfi.actions.check_ods import check_ods
from edfi.models import DistrictOds, OdsRecord, OdsValue
from journal.models import Entry
from security import scope
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories
from tests.standin.resources import SSA

from .conftest import World

HOME = "/feeds/ed-fi/"


@pytest.fixture
def manager(world: World, browse):
    return browse(world.manager)


@pytest.fixture
def registrar(world: World) -> User:
    return factories.UserFactory(role=Role.REGISTRAR, role__district=world.district)


def told(answer) -> str:
    return answer.content.decode()


def findings(world: World, tone: str) -> list[str]:
    return [finding.text for finding in check_ods(world.there, world.year) if finding.tone == tone]


def test_setting_it_up_over_the_page(world: World, manager) -> None:
    DistrictOds.objects.all().delete()
    typed = {
        "base_url": world.ods.base_url,
        "key": world.ods.key,
        "secret": world.ods.secret,
        "number": "edfi",
    }
    assert manager.post(HOME, typed | {"secret": ""}).status_code == 400
    answer = manager.post(HOME, typed, follow=True)
    assert "Next: check the connection" in answer.content.decode()
    assert DistrictOds.objects.get().secret == world.ods.secret
    assert world.ods.secret not in answer.content.decode()


def test_the_check_says_what_can_be_read(world: World, manager) -> None:
    world.shows("4100000001")
    text = manager.post(f"{HOME}check/").content.decode()
    for sentence in (
        "answers, and takes the key.",
        "may read 1 enrollments",
        "tells what changed",
        "All 1 schools",
    ):
        assert sentence in text


def test_the_check_says_what_is_in_the_way(world: World) -> None:
    world.ods.version, world.ods.tells_changes = "7.1", False
    world.has_school(77777, name="Ibis School")
    world.ods.fail_next(1, 403, resource=SSA)
    assert findings(world, "bad") == [
        "The key may not read enrollments. Whoever gave it has to add the right to read."
    ]
    assert len(findings(world, "info")) == 2
    world.shows("4100000001")
    assert "No school here has the Ed-Fi number of Ibis School." in findings(world, "warn")


def test_a_wrong_year_or_address_is_said(world: World) -> None:
    nowhere = "There is no Ed-Fi API at the address of this connection."
    world.there.base_url = world.ods.base_url + "nowhere/"
    assert findings(world, "bad") == [nowhere]
    world.there.base_url += "{year}/"
    assert findings(world, "bad") == [f"{nowhere} Is 2026-27 set up there?"]


def test_reading_leads_to_its_job_and_the_page_tells_what_came_of_it(world: World, manager) -> None:
    world.shows("4100000001")
    world.pull()
    assert manager.post(f"{HOME}read/").url == reverse("jobs:job", args=[world.there.pulls.first().job_id])
    text = manager.get(HOME).content.decode()
    assert "The ODS is being read." in text
    assert "Say what each means and read again." in text
    assert "3 values of the ODS mean nothing here yet." in text
    refused = manager.post(f"{HOME}read/", follow=True).content.decode()
    assert "being read already" in refused


def test_a_meaning_is_chosen_among_the_states_own_codes(world: World, manager) -> None:
    world.shows("4100000001")
    world.pull()
    entry, grade = (OdsValue.objects.get(kind=kind) for kind in ("entry", "grade"))
    said = {
        f"means-{entry.pk}": "1880",
        f"means-{grade.pk}": "06",
        "means-x": "1",
        "means-99999999999999999999": "1",
    }
    assert "They hold from the next reading on." in told(manager.post(f"{HOME}meanings/", said, follow=True))
    wrong = {f"means-{entry.pk}": "1800", f"means-{grade.pk}": "nonsense"}
    assert "is no grade of this state" in told(manager.post(f"{HOME}meanings/", wrong, follow=True))
    assert [row.code for row in (entry, grade) if not row.refresh_from_db()] == ["1880", "06"]


def test_what_another_ods_shows_is_not_said_here(world: World) -> None:
    other = setup.DistrictOds.objects.create(district=factories.DistrictFactory(), base_url="https://x/")
    value = other.values.create(kind="grade", uri="uri://x#1")
    assert not setup.say_meanings(by=world.manager, ods=world.there, year=world.year, said={value.pk: "06"})
    with pytest.raises(NotAllowed):
        setup.say_meanings(by=world.manager, ods=other, year=world.year, said={value.pk: "06"})


def test_by_night_in_the_name_of_who_pressed(world: World, manager) -> None:
    world.means()
    world.shows("4100000001")
    world.pull()
    assert (
        world.manager.get_full_name()
        in manager.post(f"{HOME}nightly/", {"on": "yes"}, follow=True).content.decode()
    )
    assert DistrictOds.objects.get().by_id == world.manager.pk
    manager.post(f"{HOME}nightly/", {"on": "no"})
    with scope.elevated():
        assert not OdsRecord.objects.exists()
    assert DistrictOds.objects.get().by_id is None


def test_another_address_asks_for_the_secret_and_begins_anew(world: World) -> None:
    world.means()
    world.shows("4100000001")
    world.pull()
    elsewhere = setup.OdsSetup("http://127.0.0.1:9/", world.ods.key)
    with pytest.raises(RuleBroken, match="Enter the secret"):
        setup.keep_ods(by=world.manager, district=world.district, setup=elsewhere)
    elsewhere = setup.OdsSetup("http://127.0.0.1:9/", world.ods.key, "another")
    with scope.of(world.manager):
        kept = setup.keep_ods(by=world.manager, district=world.district, setup=elsewhere)
    assert (kept.seen_versions, kept.secret) == ({}, "another")
    with scope.elevated():
        assert not OdsRecord.objects.exists()
        assert "another" not in str(list(Entry.objects.values_list("details", flat=True)))


def test_an_ods_without_encryption_is_refused(world: World, settings) -> None:
    settings.ESER_EDFI_UNENCRYPTED = False
    with pytest.raises(RuleBroken, match="everything is encrypted"):
        setup.keep_ods(by=world.manager, district=world.district, setup=setup.OdsSetup("http://x/", "k", "s"))


def test_a_registrar_reads_it_and_sets_up_nothing(world: World, registrar, browse) -> None:
    world.means()
    world.shows("4100000001")
    assert world.pull(by=registrar).load is not None
    text = browse(registrar).get(HOME).content.decode()
    assert world.ods.key not in text
    with pytest.raises(NotAllowed, match="can set up a connection"):
        setup.keep_ods(by=registrar, district=world.district, setup=setup.OdsSetup("http://x/", "k", "s"))


def test_another_district_is_not_there(world: World, manager) -> None:
    other = factories.DistrictFactory(state=world.district.state)
    for address in ("", "check/", "read/", "nightly/", "meanings/"):
        assert manager.post(f"{HOME}{address}", {"district": other.pk}).status_code == 404
