"""The second factor: asked for at sign-in, needed by whoever can see students, never left behind."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from journal.models import Entry
from security.models import Session
from security.rules.roles import Role
from tests.conftest import has_just_shown
from tests.factories import PASSWORD, DistrictFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
STUDENTS = "/students/"


def code_now(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def required(settings) -> None:
    settings.ESER_SECOND_FACTOR = "required"


@pytest.fixture
def dana():
    return UserFactory(username="dana", role=Role.DATA_MANAGER, role__district=DistrictFactory())


@pytest.fixture
def with_app(dana):
    TOTP.activate(dana, SECRET)
    RecoveryCodes.activate(dana)
    return dana


def password_step(client: Client, username: str = "dana", **more):
    return client.post("/sign-in/", {"username": username, "password": PASSWORD, **more})


def second_step(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_the_password_alone_does_not_sign_in_whoever_has_a_second_factor(with_app):
    client = Client()
    answer = password_step(client)
    assert answer.url == reverse("mfa_authenticate")
    assert client.get("/account/").status_code == 302


def test_the_code_of_the_app_leads_to_the_page_that_was_asked_for(with_app):
    client = Client()
    password_step(client, next="/account/")
    assert second_step(client, code_now()).url == "/account/"
    assert Entry.objects.get(kind="SIGNED_IN").details["factors"] == ["password", "totp"]


def test_a_code_works_once(with_app):
    code = code_now()
    for expected in (302, 200):
        client = Client()
        password_step(client)
        assert second_step(client, code).status_code == expected


def test_a_recovery_code_works_once(with_app):
    codes = Authenticator.objects.get(user=with_app, type="recovery_codes").wrap().get_unused_codes()
    for expected in (302, 200):
        client = Client()
        password_step(client)
        assert second_step(client, codes[0]).status_code == expected


def test_wrong_codes_are_noted_and_lock_the_account(with_app):
    client = Client()
    password_step(client)
    answers = [second_step(client, "000000").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert Entry.objects.filter(kind="SECOND_FACTOR_FAILED", actor_id=with_app.pk).count() == 5
    assert second_step(client, code_now()).status_code == 429
    assert password_step(Client()).status_code == 429


def test_the_key_of_an_app_is_kept_encrypted(with_app):
    stored = Authenticator.objects.get(user=with_app, type="totp").data["secret"]
    assert SECRET not in stored
    assert get_adapter().decrypt(stored) == SECRET


# ---- required ----------------------------------------------------------------------------------------------


def test_outside_of_demo_and_tests_it_is_required_unless_said_otherwise():
    assert (
        'os.environ.get("ESER_SECOND_FACTOR", "offered" if TESTING else "required")'
        in (project.BASE_DIR / "eser" / "configuration" / "people.py").read_text()
    )


def test_whoever_sees_students_is_led_to_set_one_up_first(required, browse, dana):
    client = browse(dana)
    assert client.get(STUDENTS).url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.post("/session/extend/").status_code == 200
    assert client.post("/sign-out/").status_code == 302


def test_the_api_says_so_in_a_sentence(required, browse, dana):
    answer = browse(dana).get("/api/students/")
    assert answer.status_code == 403
    assert "second factor" in answer.json()["detail"]


def test_a_part_of_a_page_leads_there_too(required, browse, dana):
    answer = browse(dana).get(STUDENTS, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (403, reverse("mfa_index"))


def test_who_sees_no_student_goes_on_without(required, browse):
    biller = UserFactory(role=Role.MEDICAID_READER, role__district=DistrictFactory())
    assert browse(biller).get("/account/").status_code == 200


@pytest.mark.parametrize("address", ["/people/", "/access/"])
def test_who_decides_on_access_needs_one_without_seeing_a_student(required, browse, address):
    """Otherwise a stolen password there would reset the second factor of somebody who does."""
    coordinator = UserFactory(role=Role.SECURITY_COORDINATOR, role__district=DistrictFactory())
    assert browse(coordinator).get(address).url == reverse("mfa_index")


@pytest.mark.parametrize("role", [Role.SUPERINTENDENT, Role.SPED_SUPERVISOR])
def test_so_does_who_names_a_coordinator_or_approves_requests_also_unsigned(required, browse, role):
    """Neither needs a signed assurance for it."""
    user = UserFactory(assured=False, role=role, role__district=DistrictFactory())
    assert browse(user).get("/access/requests/").url == reverse("mfa_index")


def test_so_does_support_before_any_district_lets_it_in(required, browse):
    user = UserFactory(role=Role.SUPPORT)
    assert browse(user).get("/access/requests/").url == reverse("mfa_index")


def test_with_a_second_factor_shown_the_pages_open(required, browse, dana):
    client = browse(dana)
    has_just_shown(client, dana, "password", "mfa")
    assert client.get(STUDENTS).status_code == 200


def test_the_factors_of_one_person_do_not_count_for_another(required, browse, dana):
    client = browse(dana)
    has_just_shown(client, UserFactory(), "password", "mfa")
    assert client.get(STUDENTS).url == reverse("mfa_index")


def test_offered_it_is_not_asked_of_whoever_has_none(browse, dana):
    assert browse(dana).get(STUDENTS).status_code == 200


# ---- set up and taken away ---------------------------------------------------------------------------------


def set_up(client: Client):
    page = client.get(reverse("mfa_activate_totp"))
    return client.post(reverse("mfa_activate_totp"), {"code": code_now(page.context["form"].secret)})


def test_setting_up_an_app_shows_the_recovery_codes_once_and_opens_the_pages(required, browse, dana):
    client = browse(dana)
    answer = set_up(client)
    assert len(answer.context["codes"]) == 10
    assert client.get(STUDENTS).status_code == 200
    page = client.get(reverse("mfa_index")).content.decode()
    assert "10 unused codes left" in page
    assert answer.context["codes"][0] not in page


def test_setting_one_up_ends_the_other_sessions(browse, dana):
    here, elsewhere = browse(dana), browse(dana)
    set_up(here)
    assert elsewhere.get("/account/").status_code == 302
    assert Session.objects.filter(user=dana).count() == 1


def test_new_recovery_codes_end_the_old_ones(browse, with_app):
    old = Authenticator.objects.get(user=with_app, type="recovery_codes").wrap().get_unused_codes()
    new = browse(with_app).post(reverse("mfa_new_codes")).context["codes"]
    assert not set(old) & set(new)
    client = Client()
    password_step(client)
    assert second_step(client, old[0]).status_code == 200


def test_where_one_is_needed_the_last_one_stays(required, browse, with_app):
    client = browse(with_app)
    has_just_shown(client, with_app, "password", "mfa")
    app = Authenticator.objects.get(user=with_app, type="totp")
    answer = client.post(reverse("mfa_remove", args=[app.pk]))
    assert (answer.status_code, "only second factor" in answer.content.decode()) == (400, True)
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_where_it_is_offered_the_last_one_goes_with_its_recovery_codes(browse, with_app):
    app = Authenticator.objects.get(user=with_app, type="totp")
    browse(with_app).post(reverse("mfa_remove", args=[app.pk]))
    assert not Authenticator.objects.filter(user=with_app).exists()


def test_nobody_removes_the_factor_of_another(browse, with_app):
    app = Authenticator.objects.get(user=with_app, type="totp")
    assert browse(UserFactory()).post(reverse("mfa_remove", args=[app.pk])).status_code == 404
