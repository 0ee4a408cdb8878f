"""States, districts, sites, years and calendars."""

from datetime import date

import factory

from organizations.models import Calendar, District, SchoolYear, Site, SiteAffiliation, SiteKind, State

from .arranging import Arranged


class StateFactory(Arranged):
    class Meta:
        model = State
        django_get_or_create = ("code",)

    code = "LA"
    name = "Louisiana"
    profile = "LA"
    time_zone = "America/Chicago"


class DistrictFactory(Arranged):
    class Meta:
        model = District

    state = factory.SubFactory(StateFactory)
    code = factory.Sequence(lambda n: f"{n + 1:03}")
    name = factory.Sequence(lambda n: f"Parish {n + 1}")
    edfi_id = factory.Sequence(lambda n: 255_000 + n)


class SiteFactory(Arranged):
    class Meta:
        model = Site

    state = factory.SubFactory(StateFactory)
    district = factory.SubFactory(DistrictFactory)
    code = factory.Sequence(lambda n: f"{n + 1:06}")
    name = factory.Sequence(lambda n: f"School {n + 1}")
    kind = SiteKind.PUBLIC
    edfi_id = factory.Sequence(lambda n: 255_901_000 + n)


class NonpublicSiteFactory(SiteFactory):
    district = None
    kind = SiteKind.NONPUBLIC
    name = factory.Sequence(lambda n: f"Academy {n + 1}")


class AffiliationFactory(Arranged):
    class Meta:
        model = SiteAffiliation

    site = factory.SubFactory(NonpublicSiteFactory)
    district = factory.SubFactory(DistrictFactory)
    first_day = date(2020, 7, 1)


class SchoolYearFactory(Arranged):
    class Meta:
        model = SchoolYear
        django_get_or_create = ("state", "name")

    state = factory.SubFactory(StateFactory)
    name = "2026-27"
    first_day = date(2026, 7, 1)
    last_day = date(2027, 6, 30)


class CalendarFactory(Arranged):
    class Meta:
        model = Calendar

    district = factory.SubFactory(DistrictFactory)
    school_year = factory.SubFactory(SchoolYearFactory)
    name = "Regular"
    first_school_day = date(2026, 8, 10)
    last_school_day = date(2027, 5, 21)
