"""Sessions: they end after idling, for good after some hours, and at once when somebody ends them."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from security.actions.accounts import close_account
from security.actions.sessions import end_sessions
from security.actions.tokens import make_token
from security.models import ApiToken, Session
from security.rules.roles import Role
from security.session_store import SessionStore
from security.tasks import forget_old_sessions
from tests.conftest import asked
from tests.factories import PASSWORD, DistrictFactory, UserFactory

pytestmark = pytest.mark.django_db
ACCOUNT, EXTEND = "/account/", "/session/extend/"


@pytest.fixture
def dana():
    return UserFactory(username="dana")


def begun(user, **ago) -> None:
    """Its only session began so long ago."""
    Session.objects.filter(user=user).update(started_at=timezone.now() - timedelta(**ago))


def test_a_session_tells_whose_it_is_since_when_and_from_where(dana):
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    client.post("/sign-in/", {"username": "dana", "password": PASSWORD})
    row = Session.objects.get(user=dana)
    assert (row.device, row.address) == ("Firefox on Windows", "127.0.0.1")
    assert timezone.now() - row.started_at < timedelta(minutes=1)


def test_an_idle_session_is_over(browse, dana):
    client = browse(dana)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get(ACCOUNT).status_code == 302


def test_no_use_moves_a_session_beyond_its_longest(browse, dana, settings):
    client = browse(dana)
    begun(dana, seconds=settings.ESER_SESSION_LONGEST - 600)
    client.get(ACCOUNT)
    row = Session.objects.get(user=dana)
    assert row.expire_date == row.started_at + timedelta(seconds=settings.ESER_SESSION_LONGEST)


def test_a_session_is_over_after_its_longest_however_busy(browse, dana, settings):
    client = browse(dana)
    begun(dana, seconds=settings.ESER_SESSION_LONGEST - 60)
    client.get(ACCOUNT)
    begun(dana, seconds=settings.ESER_SESSION_LONGEST + 1)
    client.get(ACCOUNT)
    assert client.get(ACCOUNT).status_code == 302


def test_a_new_password_does_not_lengthen_the_session(browse, dana):
    client = browse(dana)
    begun(dana, hours=5)
    new = "four quiet herons at dawn"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    client.post(reverse("security:change_password"), typed)
    assert timezone.now() - Session.objects.get(user=dana).started_at > timedelta(hours=4)


def test_staying_signed_in_says_when_it_cannot_be_any_longer(browse, dana, settings):
    client = browse(dana)
    begun(dana, seconds=settings.ESER_SESSION_LONGEST - 100)
    answer = client.post(EXTEND)
    assert (answer.status_code, "as long as one sign-in lasts" in answer.json()["detail"]) == (409, True)


def test_within_a_minute_the_time_of_a_session_is_not_written_again(browse, dana):
    client = browse(dana)
    client.get(ACCOUNT)
    with asked() as statements:
        client.get(ACCOUNT)
    assert [sql for sql in statements if "UPDATE" in sql] == []


def test_after_a_minute_it_is_written_in_one_statement(browse, dana):
    client = browse(dana)
    client.get(ACCOUNT)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=28))
    with asked() as statements:
        client.get(ACCOUNT)
    assert len([sql for sql in statements if "security_session" in sql]) == 2  # read, written


def test_the_page_never_promises_more_than_the_row_keeps(browse, dana):
    client = browse(dana)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=29, seconds=30))
    said = datetime.fromisoformat(client.get(ACCOUNT)["X-Signed-In-Until"])
    assert said <= Session.objects.get(user=dana).expire_date


# ---- ended -------------------------------------------------------------------------------------------------


def test_a_person_ends_one_session_and_stays_in_the_other(browse, dana):
    here, elsewhere = browse(dana), browse(dana)
    there = Session.objects.get(pk=elsewhere.session.session_key)
    assert str(there.session_key) not in here.get("/account/sessions/").content.decode()
    here.post("/account/sessions/end", {"which": there.started_at.isoformat()})
    assert (here.get(ACCOUNT).status_code, elsewhere.get(ACCOUNT).status_code) == (200, 302)
    assert Entry.objects.filter(kind="SESSIONS_ENDED", actor_id=dana.pk).count() == 1


def test_a_person_ends_all_others(browse, dana):
    here, *others = (browse(dana) for _ in range(3))
    here.post("/account/sessions/end", {"which": "others"})
    assert here.get(ACCOUNT).status_code == 200
    assert [client.get(ACCOUNT).status_code for client in others] == [302, 302]


def test_nobody_ends_the_session_of_another(browse, dana):
    mine, theirs = browse(dana), browse(UserFactory())
    row = Session.objects.get(pk=theirs.session.session_key)
    mine.post("/account/sessions/end", {"which": row.started_at.isoformat()})
    assert theirs.get(ACCOUNT).status_code == 200


@pytest.mark.rule("SEC-40")
def test_ended_sessions_are_over_at_once(browse, dana):
    client, other = browse(dana), browse(UserFactory())
    assert end_sessions(dana, by=None, reason="employment ended") == 1
    assert (client.get(ACCOUNT).status_code, other.get(ACCOUNT).status_code) == (302, 200)
    assert Entry.objects.get(kind="SESSIONS_ENDED").details["reason"] == "employment ended"


def test_a_session_that_was_ended_is_not_written_back_by_a_request_that_was_under_way(dana, browse):
    store = SessionStore(browse(dana).session.session_key)
    store.load()
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_a_closed_account_is_out_at_once_with_its_tokens(browse, dana):
    client = browse(dana)
    make_token(by=dana, name="load", reach="read", days=5, second_factor=True)
    close_account(by=UserFactory(role=Role.SEA_ADMINISTRATOR), user=dana, reason="left")
    assert client.get(ACCOUNT).status_code == 302
    assert not Session.objects.filter(user=dana).exists()
    assert not ApiToken.objects.in_force().exists()


def test_rows_of_old_sessions_are_forgotten(browse, dana):
    browse(dana)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    forget_old_sessions()
    assert not Session.objects.exists()


# ---- by the coordinator ------------------------------------------------------------------------------------


@pytest.fixture
def mine():
    return DistrictFactory(name="Cypress Parish")


@pytest.fixture
def coordinator(mine):
    return UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)


def test_a_coordinator_signs_out_a_person_of_the_district_who_is_told(browse, coordinator, mine):
    person = UserFactory(role=Role.READER, role__district=mine)
    theirs = browse(person)
    browse(coordinator).post(
        reverse("security:keep_account", args=[person.pk, "sign-out"]), {"reason": "lost laptop"}
    )
    assert theirs.get(ACCOUNT).status_code == 302
    assert "lost laptop" in person.notices.get().words


def test_a_coordinator_finds_nobody_of_another_district(browse, coordinator):
    stranger = UserFactory(role=Role.READER, role__district=DistrictFactory())
    theirs = browse(stranger)
    client = browse(coordinator)
    assert client.get(reverse("security:kept_account", args=[stranger.pk])).status_code == 404
    for deed in ("sign-out", "password", "second-factor"):
        address = reverse("security:keep_account", args=[stranger.pk, deed])
        assert client.post(address, {"reason": "x"}).status_code == 404
    assert theirs.get(ACCOUNT).status_code == 200


def test_who_grants_no_access_keeps_no_accounts(browse, mine):
    manager = UserFactory(role=Role.DATA_MANAGER, role__district=mine)
    assert browse(manager).get("/people/").status_code == 404
