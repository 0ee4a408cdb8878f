"""What a state decides about its enrollment rules where its documents leave it open (OSSE A9)."""

from django.db import transaction

from enrollment.access import check_may_decide
from enrollment.models import EnrollmentSettings
from journal.actions import record
from organizations.models import State
from security.models import User

FIELDS = ("grace_days", "held_share", "count_month", "count_day", "urgent_email")


def settings_of(state: State) -> EnrollmentSettings:
    """The saved ones, or what holds while nobody has decided."""
    return EnrollmentSettings.objects.filter(state=state).first() or EnrollmentSettings(state=state)


@transaction.atomic
def save_settings(*, by: User, state: State, **decided) -> EnrollmentSettings:
    """`decided`: values of FIELDS; those left out stay. Raises NotAllowed."""
    check_may_decide(by)
    settings = settings_of(state)
    changed = {
        name: decided[name] for name in FIELDS if name in decided and decided[name] != getattr(settings, name)
    }
    for name, value in changed.items():
        setattr(settings, name, value)
    settings.save()
    if changed:
        record("ENROLLMENT_SETTINGS", f"changed {', '.join(changed)} of {state}", by=by, **changed)
    return settings
