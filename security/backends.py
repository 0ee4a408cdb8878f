"""Passwords, and nothing else: the permission tables and flags of the framework are asked by nobody."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from security import asked_often
from security.models import User


class PasswordBackend(ModelBackend):
    def user_can_authenticate(self, user: Any) -> bool:
        """An open account; a password that was given lasts for its day only."""
        given_is_over = user.password_until is not None and user.password_until <= timezone.now()
        return super().user_can_authenticate(user) and not given_is_over

    def get_user(self, user_id: int) -> Any:
        """Asked by every request, so written out."""
        person = (("u", User),)
        statement = f"SELECT {asked_often.columns(person)} FROM security_user u WHERE u.id = %(id)s"  # noqa: S608
        found = asked_often.rows(statement, {"id": user_id})
        user = next(asked_often.objects(person, found[0])) if found else None
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
