"""The names of people by their keys, as an address holds them: for pages that count by person."""

from collections.abc import Collection, Mapping

from security.models import User


def names_of(keys: Collection[str]) -> Mapping[str, str]:
    """One query."""
    return {str(person.pk): str(person) for person in User.objects.filter(pk__in=keys)} if keys else {}
