"""Who may enter and exit students, and where."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from enrollment.models import Enrollment, Finding, SpecialEducationActivity
from organizations.models import District, Site, SiteAffiliation, SiteKind
from security.access import check, who_can, why_not
from security.models import User
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.scope import scope_of
from students.access import NOBODY_ANSWERS, responsible_today, why_not_for
from students.models import Student

DECIDING = "decide about exits"
RECORD_THE_REASON = "record why special education ended"


def why_not_enter(user: User, district: District, site: Site) -> str | None:
    """A sentence when this user may not enter students at this site under this district's responsibility."""
    reach = scope_of(user, Permission.ENTER_EXIT)
    if not reach.rolled_up and site.kind != SiteKind.PUBLIC and site.pk not in reach.site_ids:
        return f"Until the cut-over only people with a role at {site} itself can enter a student there."
    if reach.everything or district.pk in reach.district_ids:
        return None
    if site.pk in reach.site_ids and district in districts_to_enter(user):
        return None
    return f"Only {who_can(Permission.ENTER_EXIT)} of {district} can enter a student at {site}."


def why_not_exit(user: User, enrollment: Enrollment) -> str | None:
    reach = scope_of(user, Permission.ENTER_EXIT)
    if (
        reach.everything
        or enrollment.district_id in reach.district_ids
        or enrollment.site_id in reach.site_ids
    ):
        return None
    return f"Only {who_can(Permission.ENTER_EXIT)} of {enrollment.district} can exit this student."


def why_not_end_special_education(user: User, student: Student) -> str | None:
    """Whoever tells the parents of it, or exits students, of the district that answers today."""
    place, deed = responsible_today(student), "end special education"
    told = why_not_for(user, Permission.WRITE_NOTICES, place, student, deed)
    if told and why_not_for(user, Permission.ENTER_EXIT, place, student, deed):
        return told
    return None if place else NOBODY_ANSWERS


def check_may_end_special_education(user: User, student: Student) -> District:
    """The district that answers for the child today."""
    if sentence := why_not_end_special_education(user, student):
        raise NotAllowed(sentence)
    place = responsible_today(student)
    assert place is not None
    return place


def why_not_record_reason(user: User, activity: SpecialEducationActivity) -> str | None:
    """Who exits students of the district in which special education ended, or of the child's site there."""
    place = activity.district or responsible_today(activity.student)
    return why_not_for(user, Permission.ENTER_EXIT, place, activity.student, RECORD_THE_REASON)


def check_may_enter(user: User, district: District, site: Site) -> None:
    if sentence := why_not_enter(user, district, site):
        raise NotAllowed(sentence)


def check_may_exit(user: User, enrollment: Enrollment) -> None:
    if sentence := why_not_exit(user, enrollment):
        raise NotAllowed(sentence)


def why_not_decide(user: User) -> str | None:
    """Documentation, requests to the state and its settings are decided by the state alone."""
    return why_not(user, Permission.DECIDE_EXITS, None, DECIDING)


def check_may_decide(user: User) -> None:
    check(user, Permission.DECIDE_EXITS, None, DECIDING)


def why_not_explain(user: User, finding: Finding) -> str | None:
    """Who enters and exits students of the district also answers for what the audit finds there."""
    reach = scope_of(user, Permission.ENTER_EXIT)
    if reach.everything or finding.district_id in reach.district_ids:
        return None
    if finding.enrollment and finding.enrollment.site_id in reach.site_ids:
        return None
    return f"Only {who_can(Permission.ENTER_EXIT)} of {finding.district} can explain this finding."


def sees_roster(user: User, district_id: int, site_id: int | None) -> bool:
    """Of a whole district, or of a single school where the reader has no more."""
    reach = scope_of(user, Permission.VIEW_STUDENTS)
    return reach.everything or district_id in reach.district_ids or site_id in reach.site_ids


def check_may_explain(user: User, finding: Finding) -> None:
    if sentence := why_not_explain(user, finding):
        raise NotAllowed(sentence)


def districts_to_enter(user: User) -> list[District]:
    """The districts under whose responsibility this user may enter students.

    A single school enters children of its own district, or of the district that oversees it today.
    """
    reach = scope_of(user, Permission.ENTER_EXIT)
    if reach.everything:
        return list(District.objects.select_related("state"))
    overseers = SiteAffiliation.objects.on(timezone.localdate()).filter(site_id__in=reach.site_ids)
    mine = (
        Q(pk__in=reach.district_ids) | Q(sites__in=reach.site_ids) | Q(pk__in=overseers.values("district_id"))
    )
    return list(District.objects.filter(mine).select_related("state").distinct())


def sites_to_enter(user: User, on: date) -> list[Site]:
    """Schools of the user's districts, what is affiliated with them, and single schools."""
    reach = scope_of(user, Permission.ENTER_EXIT)
    if reach.everything:
        return list(Site.objects.all())
    rolled_up = reach.district_ids if reach.rolled_up else ()
    affiliated = SiteAffiliation.objects.on(on).filter(district_id__in=rolled_up).values("site_id")
    mine = Q(district_id__in=reach.district_ids) | Q(pk__in=reach.site_ids) | Q(pk__in=affiliated)
    return list(Site.objects.filter(mine))


def serves(site: Site, district: District) -> bool:
    """A public school serves its own district; any other site may serve children of several."""
    return site.state_id == district.state_id and (
        site.kind != SiteKind.PUBLIC or site.district_id == district.pk
    )


def check_may_map(user: User, district: District) -> None:
    _check_whole_district(user, district, "say what its codes mean")


def check_may_feed(user: User, district: District) -> None:
    _check_whole_district(user, district, "load a feed")


def check_may_end_year(user: User, district: District) -> None:
    _check_whole_district(user, district, "exit and enter a whole school")


def may_end_years(user: User) -> bool:
    """Anywhere: of a whole district."""
    reach = scope_of(user, Permission.ENTER_EXIT)
    return reach.everything or bool(reach.district_ids)


def _check_whole_district(user: User, district: District, deed: str) -> None:
    """It speaks of every school of the district: a role at one of them is not enough."""
    reach = scope_of(user, Permission.ENTER_EXIT)
    if not (reach.everything or district.pk in reach.district_ids):
        raise NotAllowed(f"Only {who_can(Permission.ENTER_EXIT)} of {district} as a whole can {deed}.")


def districts_to_feed(user: User) -> QuerySet[District]:
    """Whose mapping and feeds this user keeps: the districts at which they enter and exit students."""
    reach = scope_of(user, Permission.ENTER_EXIT)
    rows = District.objects.select_related("state")
    return rows if reach.everything else rows.filter(pk__in=reach.district_ids)
