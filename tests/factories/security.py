"""People, their roles and signatures, and what a district has on file."""

from datetime import date

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from organizations.models import District, State
from security.actions.assign import assign
from security.models import (
    AccessRequest,
    AssuranceSignature,
    AssuranceText,
    Designation,
    SecurityPolicy,
    Training,
    User,
)
from security.queries.recorded import this_school_year
from security.rules.roles import Role

from .arranging import Arranged
from .organizations import DistrictFactory, StateFactory

DAY_ONE = date(2020, 7, 1)
PASSWORD = "a long enough password"


class UserFactory(Arranged):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n + 1}")
    first_name = "Dana"
    last_name = factory.Sequence(lambda n: f"Mouton {n + 1}")
    staff_id = factory.Sequence(lambda n: f"{700_000 + n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    @factory.post_generation
    def assured(self, create, assured: bool | None, **_):
        """UserFactory(assured=False) has not signed the confidentiality assurance."""
        if assured is not False:
            sign_for(self)

    @factory.post_generation
    def role(self, create, role: Role | None, district=None, site=None, iep_forms=True, **_):
        """UserFactory(role=Role.DATA_MANAGER, role__district=mine)"""
        if role:
            assign(
                by=None,
                user=self,
                role=role,
                district=district,
                site=site,
                iep_forms=iep_forms,
                first_day=DAY_ONE,
            )


def sign_for(user: User) -> None:
    """A signature of today under the text of each state there is."""
    for state in State.objects.all() or [StateFactory()]:
        text = state.assurance_texts.first() or AssuranceTextFactory(state=state)
        AssuranceSignature.objects.create(
            user=user, text=text, sha256=text.sha256, typed_name=str(user), ip="127.0.0.1"
        )


class AssuranceTextFactory(Arranged):
    class Meta:
        model = AssuranceText

    state = factory.SubFactory(StateFactory)
    version = 1
    text = "I keep to myself what I learn about a student."


class TrainingFactory(Arranged):
    class Meta:
        model = Training

    district = factory.SubFactory(DistrictFactory)
    school_year = factory.LazyFunction(this_school_year)
    held_on = factory.LazyFunction(timezone.localdate)
    topic = "Who may see what, and why"


class DesignationFactory(Arranged):
    """Processed by the state: the person has the role."""

    class Meta:
        model = Designation

    district = factory.SubFactory(DistrictFactory)
    user = factory.SubFactory(UserFactory, district=factory.SelfAttribute("..district"))
    submitted_by = factory.SubFactory(UserFactory)
    processed_by = factory.SubFactory(UserFactory)
    processed_at = factory.LazyFunction(timezone.now)
    assignment = factory.LazyAttribute(
        lambda row: assign(
            by=None, user=row.user, role=Role.SECURITY_COORDINATOR, district=row.district, first_day=DAY_ONE
        )
    )


class PolicyFactory(Arranged):
    class Meta:
        model = SecurityPolicy

    district = factory.SubFactory(DistrictFactory)
    school_year = factory.LazyFunction(this_school_year)
    adopted_on = DAY_ONE
    iep_section = "Section 4: IEPs are opened by the student's team alone."


class AccessRequestFactory(Arranged):
    """AccessRequestFactory(district=mine, places=[school]); without places it asks for the district."""

    class Meta:
        model = AccessRequest
        skip_postgeneration_save = True

    district = factory.SubFactory(DistrictFactory)
    requester = factory.SubFactory(UserFactory, district=factory.SelfAttribute("..district"))
    role = Role.SERVICE_PROVIDER
    reason = "speech therapy"

    @factory.post_generation
    def places(self, create, places, **_):
        for place in places or [self.district]:
            kind = "district" if isinstance(place, District) else "site"
            self.places.create(**{kind: place})
