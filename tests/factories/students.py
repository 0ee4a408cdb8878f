"""Children, who answers for them, and their contacts."""

from datetime import date

import factory

from students.models import Contact, Jurisdiction, Student

from .arranging import Arranged
from .organizations import DistrictFactory, StateFactory


class StudentFactory(Arranged):
    """A child without a responsible district: nobody but the system sees it. See JurisdictionFactory."""

    class Meta:
        model = Student
        skip_postgeneration_save = True

    state = factory.SubFactory(StateFactory)
    state_student_id = factory.Sequence(lambda n: f"{4_000_000_000 + n}")
    edfi_id = factory.Sequence(lambda n: f"{600_000 + n}")
    last_name = "Fontenot"
    first_name = factory.Sequence(lambda n: f"Jules {n + 1}")
    birth_date = date(2015, 3, 12)
    sex = "M"
    races = "W"
    grade = "06"

    @factory.post_generation
    def district(self, create, district, site=None, first_day=date(2023, 8, 14), last_day=None, **_):
        """StudentFactory(district=mine) puts the child under the district's responsibility."""
        if district:
            JurisdictionFactory(
                student=self, district=district, site=site, first_day=first_day, last_day=last_day
            )


class JurisdictionFactory(Arranged):
    class Meta:
        model = Jurisdiction

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    first_day = date(2023, 8, 14)


class ContactFactory(Arranged):
    class Meta:
        model = Contact

    student = factory.SubFactory(StudentFactory)
    seq = factory.Sequence(lambda n: n % 90 + 1)
    relation = "MO"
    last_name = "Fontenot"
    first_name = "Corinne"
    phone = "5555550118"
