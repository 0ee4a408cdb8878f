"""What a district records with a file is opened by whoever keeps its access and by the state: nobody else."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from security.actions.designate import designate
from security.actions.policy import record_policy
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mine():
    return make.DistrictFactory()


def pdf() -> ContentFile:
    return ContentFile(b"%PDF-1.7\n...", name="policy.pdf")


def person(role: Role, district=None):
    return make.UserFactory(role=role, role__district=district)


@pytest.fixture
def files(mine):
    """The addresses of a policy and of a designation form, each stored by somebody else."""
    policy = record_policy(
        by=person(Role.SECURITY_COORDINATOR, mine), district=mine, adopted_on=timezone.localdate(),
        iep_section="Locked away.", file=pdf(),
    )  # fmt: skip
    chosen = make.UserFactory(district=mine)
    designation = designate(by=person(Role.SUPERINTENDENT, mine), district=mine, user=chosen, form=pdf())
    return {"policy": policy.document.pk, "form": designation.form.pk}


@pytest.mark.parametrize(
    ("role", "where", "policy", "form"),
    [
        (Role.SECURITY_COORDINATOR, "here", 200, 200),
        (Role.SPED_SUPERVISOR, "here", 200, 404),
        (Role.SUPERINTENDENT, "here", 200, 200),
        (Role.DATA_MANAGER, "here", 404, 404),
        (Role.SEA_ADMINISTRATOR, "state", 200, 200),
        (Role.SECURITY_COORDINATOR, "elsewhere", 404, 404),
        (Role.SPED_SUPERVISOR, "elsewhere", 404, 404),
    ],
)
def test_who_opens_what_a_district_recorded(browse, mine, files, role, where, policy, form):
    district = {"here": mine, "state": None, "elsewhere": make.DistrictFactory()}[where]
    client = browse(person(role, district))
    assert client.get(f"/documents/{files['policy']}/").status_code == policy
    assert client.get(f"/documents/{files['form']}/").status_code == form


def test_the_state_finds_the_form_beside_the_designation_that_it_processes(browse, files):
    page = browse(person(Role.SEA_ADMINISTRATOR)).get("/access/")
    assert f'href="/documents/{files["form"]}/"' in page.content.decode()


def test_the_next_coordinator_finds_the_policy_where_it_was_recorded(browse, mine, files):
    page = browse(person(Role.SECURITY_COORDINATOR, mine)).get(f"/access/{mine.pk}/policy/")
    assert f'href="/documents/{files["policy"]}/"' in page.content.decode()
