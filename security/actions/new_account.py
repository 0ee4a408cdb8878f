"""A new person gets an account. It opens nothing by itself: access is asked for and granted."""

from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from journal.actions import record
from organizations.models import District
from security.access import check
from security.actions.accounts import given_password
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission

DEED = "make an account"


@transaction.atomic
def make_account(
    *, by: User, username: str, first_name: str, last_name: str, position: str, district: District | None
) -> tuple[User, str]:
    """The account and its password for one sign-in within a day, which is nowhere kept.

    Of no district only the state makes one. Raises NotAllowed, RuleBroken with the field.
    """
    check(by, Permission.GRANT_ACCESS, district, DEED)
    _check_username(username)
    if not (first_name.strip() and last_name.strip()):
        raise RuleBroken("Write the first and the last name: the person signs with them.", "last_name")
    user = User(
        username=username, first_name=first_name.strip(), last_name=last_name.strip(),
        position=position.strip(), district=district,
    )  # fmt: skip
    plain = given_password(user)
    user.save()
    where = district.pk if district else None
    record("ACCOUNT_MADE", f"Account of user {user.pk} made", by=by, user=user.pk, district_id=where)
    return user, plain


def _check_username(username: str) -> None:
    try:
        ASCIIUsernameValidator()(username)
    except ValidationError:
        raise RuleBroken("A username has letters, digits and @ . + - _ only.", "username") from None
    if User.objects.filter(username__iexact=username).exists():
        raise RuleBroken("Somebody has this username already. Choose another.", "username")
