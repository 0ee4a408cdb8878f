"""Which district answers for a place, and whether a site is reached through it (roll-up)."""

from datetime import date, datetime

from django.utils import timezone

from organizations.models import District, Site, SiteAffiliation, SiteKind, State
from organizations.rules.profiles import Profile, state_profile
from security.models import Assignment, User
from security.rules import roll_up


def cut_over(state: State) -> datetime | None:
    """The instant from which districts also reach their affiliated sites; None where there is none."""
    return state_profile(Profile(state.profile)).roll_up


def is_rolled_up(state: State, at: datetime) -> bool:
    """A state without a cut-over has always reached its sites through the districts."""
    return roll_up.is_rolled_up(cut_over(state), at)


def overseer(site: Site, day: date) -> District | None:
    """The district of a public site; of another one the district that it is affiliated with on the day."""
    if site.district_id:
        return site.district
    rows = SiteAffiliation.objects.on(day).filter(site=site).select_related("district__state")
    affiliation = rows.first()
    return affiliation.district if affiliation else None


def sites_of(district: District, day: date, *, affiliated: bool) -> list[Site]:
    """Open sites by name: the district's public ones, with `affiliated` also those that it oversees."""
    own = list(Site.objects.filter(district=district).exclude(last_day__lt=day))
    if not affiliated:
        return own
    ids = SiteAffiliation.objects.on(day).filter(district=district).values("site_id")
    return own + list(Site.objects.filter(pk__in=ids).exclude(last_day__lt=day))


def is_affiliated(site: Site) -> bool:
    return site.kind != SiteKind.PUBLIC


def works_for(user: User, district: District) -> bool:
    """Employed by it, or holding a role for all of it: who reaches its sites through it (ROL-05)."""
    held = Assignment.objects.in_force().filter(user=user, district=district)
    return user.district_id == district.pk or held.exists()


def why_not_the_site(user: User, site: Site, district: District, at: datetime | None = None) -> str | None:
    """From the cut-over on a district's people ask for the district instead (ROL-05)."""
    at = at or timezone.now()
    if not is_affiliated(site) or not is_rolled_up(district.state, at) or not works_for(user, district):
        return None
    return f"{site} is reached through {district}. Ask for {district} instead."
