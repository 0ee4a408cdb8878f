"""A person who signs in, linked to one staff ID."""

from collections.abc import Iterable
from datetime import datetime

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """`staff_id` is null until the username is linked to it (SEC-10, SEC-11).

    `password_until` is set while the password is one that a coordinator gave: it works until then, for one
    sign-in that chooses another.
    """

    staff_id = models.CharField(max_length=10, null=True, blank=True, unique=True)
    position = models.CharField(max_length=80, blank=True)
    district = models.ForeignKey(
        "organizations.District", on_delete=models.PROTECT, null=True, blank=True, related_name="staff"
    )
    password_until = models.DateTimeField(null=True, blank=True)

    class Meta(AbstractUser.Meta):
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    class Privacy:
        safe = (
            "id is_superuser is_staff is_active date_joined last_login district groups"
            " user_permissions position password_until"
        )
        secret = "username password first_name last_name email staff_id"

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Nothing: the flags and tables of the framework open no door. Ask `security.access`."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def scope(self):
        """Whose records this person may see."""
        from security.scope import scope_of

        return scope_of(self)

    def holds_statewide(self, permission: str) -> bool:
        """Does a role for the whole state give the permission today? For floors that know no people."""
        from security.holdings import holdings_of

        return permission in holdings_of(self).statewide

    def districts_with(self, permission: str) -> frozenset[int]:
        """Ids of districts where some role gives the permission today. For floors that know no people."""
        from security.holdings import holdings_of

        return holdings_of(self).districts.get(permission, frozenset())

    def holds_anywhere(self, permission: str) -> bool:
        """Does some role give the permission today, wherever it reaches? For floors that know no people."""
        from security.holdings import holdings_of

        return permission in holdings_of(self).anywhere

    def lost_a_role_at(self) -> datetime | None:
        """When some role last stopped counting, if one did. For floors that know no roles."""
        from security.queries.losses import lost_a_role_at

        return lost_a_role_at(self)

    def looked_at(self, student_id: int, what: str, purpose: str = "") -> None:
        """Leave a line in the record of access; `what` names the kind of page or file, never its content."""
        from security.models.record_of_access import AccessRecord, How

        AccessRecord.objects.note(self.pk, [student_id], what, purpose or self.main_role, How.OPENED)

    def saw_among_others(self, student_ids: Iterable[int], what: str, purpose: str = "") -> None:
        """The same for every child that stands on a list."""
        from security.models.record_of_access import AccessRecord, How

        AccessRecord.objects.note(self.pk, set(student_ids), what, purpose or self.main_role, How.LISTED)

    def took_away(self, student_ids: Iterable[int], what: str, purpose: str) -> None:
        """The same for every child in a file."""
        from security.models.record_of_access import AccessRecord, How

        AccessRecord.objects.note(self.pk, set(student_ids), what, purpose, How.TAKEN)

    @property
    def main_role(self) -> str:
        """How the page header and the record of access name this person's work."""
        from security.holdings import holdings_of
        from security.rules.roles import Role, row_of

        main = holdings_of(self).main
        return row_of(Role(main.role)).short if main else ""

    @property
    def initials(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()
