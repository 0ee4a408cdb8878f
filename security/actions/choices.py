"""A district chooses how it wants its access life, where the rules of the state leave it a choice."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from journal.actions import record
from organizations.models import District
from security.access.requests import holds_at
from security.models import AccessSettings, User, access_settings_of
from security.refusals import NotAllowed
from security.rules.roles import Permission


def why_not_choose(user: User, district: District) -> str | None:
    if holds_at(user, Permission.GRANT_ACCESS, district):
        return None
    return f"Only a security coordinator of {district} can change this."


@transaction.atomic
def choose(*, by: User, district: District, choices: Mapping[str, Any]) -> AccessSettings:
    """`choices`: values by the name of the setting; what is not named stays. Raises NotAllowed."""
    if sentence := why_not_choose(by, district):
        raise NotAllowed(sentence)
    District.objects.select_for_update().get(pk=district.pk)
    settings = access_settings_of(district)
    changed = [name for name, value in choices.items() if getattr(settings, name) != value]
    for name in changed:
        setattr(settings, name, choices[name])
    settings.save()
    if changed:
        words = f"changed {', '.join(changed)}"[:300]
        record("ACCESS_SETTINGS", words, by=by, district_id=district.pk)
    return settings
