"""Before a sensitive deed: sure it is you? And what was posted goes on with the answer."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from evaluations.models import Evaluation
from journal.models import Entry
from security import scope
from security.models import ApiToken, Designation
from security.rules.roles import Role
from tests import factories as make
from tests.conftest import has_just_shown
from tests.factories import PASSWORD
from tests.security.test_second_factor import SECRET, code_now

pytestmark = pytest.mark.django_db
LONG_AGO = 3600  # seconds
TOKEN = {"name": "nightly load", "reach": "read", "days": "30"}


@pytest.fixture
def supervisor():
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=make.DistrictFactory())


@pytest.fixture
def stale(browse, supervisor):
    """Signed in an hour ago."""
    client = browse(supervisor)
    has_just_shown(client, supervisor, "password", ago=LONG_AGO)
    return client


@pytest.fixture
def locked(supervisor):
    district = supervisor.assignments.get().district
    evaluation = make.EvaluationFactory(student=make.StudentFactory(district=district), district=district)
    with scope.elevated():
        Evaluation.objects.filter(pk=evaluation.pk).update(locked=True)
    return evaluation


def tokens_of(user) -> int:
    return ApiToken.objects.filter(user=user).count()


def test_who_signed_in_just_now_is_not_asked(browse, supervisor):
    browse(supervisor).post(reverse("security:tokens"), TOKEN)
    assert tokens_of(supervisor) == 1


def test_after_a_while_the_deed_waits_for_an_answer_and_keeps_what_was_typed(stale, supervisor):
    page = stale.post(reverse("security:tokens"), TOKEN)
    assert tokens_of(supervisor) == 0
    assert dict(page.context["carried"]) == TOKEN
    assert 'value="nightly load"' in page.content.decode()


@pytest.mark.parametrize("deed", ["confirm_role", "resolve_absence", "take_back"])
def test_what_gives_access_back_waits_for_an_answer(stale, deed):
    page = stale.post(reverse(f"security:{deed}", args=[1]))
    assert "Sure it is you?" in page.content.decode()


def test_with_the_right_answer_the_deed_is_done_with_what_was_typed(stale, supervisor):
    stale.post(reverse("security:tokens"), {**TOKEN, "sure_of": "POST", "sure_password": PASSWORD})
    assert ApiToken.objects.get(user=supervisor).name == "nightly load"


def test_a_code_of_the_app_is_an_answer_too(stale, supervisor):
    TOTP.activate(supervisor, SECRET)
    stale.post(reverse("security:tokens"), {**TOKEN, "sure_of": "POST", "sure_code": code_now()})
    assert tokens_of(supervisor) == 1


@pytest.mark.parametrize(
    "said", [{"sure_password": "wrong"}, {"sure_code": "000000"}, {}, {"sure_credential": "{}"}]
)
def test_with_a_wrong_answer_nothing_is_done_and_what_was_typed_stays(stale, supervisor, said):
    TOTP.activate(supervisor, SECRET)
    page = stale.post(reverse("security:tokens"), {**TOKEN, "sure_of": "POST", **said})
    assert (page.status_code, dict(page.context["carried"])) == (400, TOKEN)
    assert tokens_of(supervisor) == 0


@pytest.mark.parametrize("field", ["sure_password", "sure_code"])
def test_guessing_here_locks_the_account_as_guessing_at_sign_in_does(stale, supervisor, field):
    TOTP.activate(supervisor, SECRET)
    wrong = {**TOKEN, "sure_of": "POST", field: "000000"}
    answers = [stale.post(reverse("security:tokens"), wrong).status_code for _ in range(5)]
    assert answers == [400, 400, 400, 400, 429]
    right = {**TOKEN, "sure_of": "POST", "sure_password": PASSWORD}
    assert stale.post(reverse("security:tokens"), right).status_code == 429
    assert Entry.objects.filter(kind="LOCKED_OUT", actor_id=supervisor.pk).count() == 1


def test_a_page_that_was_only_opened_is_opened_after_the_answer(stale):
    address = reverse("mfa_activate_totp")
    answer = stale.post(address, {"sure_of": "GET", "sure_password": PASSWORD})
    assert answer.url == address
    assert stale.get(address).context["form"].secret


def test_an_unlock_is_asked_about(stale, locked):
    address = reverse("evaluations:step", args=[locked.pk, "unlock"])
    page = stale.post(address, {"reason": "wrong outcome", "seen": locked.version})
    assert "Sure it is you?" in page.content.decode()
    with scope.elevated():
        assert Evaluation.objects.get(pk=locked.pk).locked


def test_a_program_cannot_answer_so_it_cannot_unlock(stale, locked):
    answer = stale.post(f"/api/evaluations/{locked.pk}/unlock/", {"reason": "wrong"}, "application/json")
    assert (answer.status_code, "in person" in answer.json()["detail"]) == (403, True)


def test_a_long_export_is_asked_about_and_a_short_one_is_not(stale, supervisor, settings):
    district = supervisor.assignments.get().district
    for _ in range(3):
        make.StudentFactory(district=district)
    address = reverse("reports:export", args=["students"])
    typed = {"format": "csv", "reason": "count check"}
    assert stale.post(address, typed)["Content-Type"].startswith("text/csv")
    settings.ESER_EXPORT_AT_ONCE = 2
    assert "Sure it is you?" in stale.post(address, typed).content.decode()


def test_giving_access_is_asked_about_and_denying_is_not(stale, supervisor):
    district = supervisor.assignments.get().district
    asked = make.AccessRequestFactory(district=district, requester=make.UserFactory(district=district))
    page = stale.post(reverse("security:decide", args=[asked.pk, "approve"]))
    assert "Sure it is you?" in page.content.decode()
    over_the_api = stale.post(f"/api/access-requests/{asked.pk}/approve/")
    assert (over_the_api.status_code, "in person" in over_the_api.json()["detail"]) == (403, True)
    stale.post(reverse("security:decide", args=[asked.pk, "deny"]), {"reason": "not on our staff"})
    asked.refresh_from_db()
    assert asked.state == "denied"


def test_a_part_of_a_page_is_told_in_words(stale):
    answer = stale.post(reverse("security:tokens"), TOKEN, headers={"hx-request": "true"})
    assert (answer.status_code, "in person" in answer.content.decode()) == (403, True)


def test_making_somebody_a_coordinator_is_asked_about(browse):
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    district = make.DistrictFactory()
    waiting = Designation.objects.create(
        district=district, user=make.UserFactory(district=district), submitted_by=make.UserFactory()
    )
    client = browse(state)
    has_just_shown(client, state, "password", ago=3600)
    page = client.post(reverse("security:process_designation", args=[waiting.pk]))
    assert b"sure it is you" in page.content.lower()
    assert not waiting.user.assignments.exists()
