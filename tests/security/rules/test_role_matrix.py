"""The role matrix says what the documents say, and code and tables know the same words."""

import pytest

from security.rules.roles import Permission, Role, permissions, permissions_of, roles, roles_with

WRITING = {
    Permission.EDIT_STUDENTS,
    Permission.ENTER_EXIT,
    Permission.REFER,
    Permission.EDIT_EVALUATION,
    Permission.ASSESS,
    Permission.LOCK_EVALUATION,
    Permission.UNLOCK_EVALUATION,
    Permission.WRITE_IEP,
    Permission.APPROVE_IEP,
}


def test_table_and_enum_have_the_same_roles():
    assert {row.role for row in roles()} == set(Role)


def test_every_role_and_every_permission_is_in_the_matrix():
    assert {row.role for row in permissions()} == set(Role)
    assert {row.permission for row in permissions()} == set(Permission)


@pytest.mark.parametrize(
    "role",
    [
        Role.SECURITY_COORDINATOR,
        Role.SUPERINTENDENT,
        Role.MEDICAID_ADMIN,
        Role.MEDICAID_PROVIDER,
        Role.MEDICAID_READER,
    ],
)
@pytest.mark.rule("MED-04")
def test_who_does_not_see_students(role):
    assert Permission.VIEW_STUDENTS not in permissions_of(role)


@pytest.mark.parametrize(
    "role", [Role.READER, Role.SERVICE_PROVIDER, Role.AUDITOR, Role.SEA_ADMINISTRATOR, Role.MEDICAID_READER]
)
@pytest.mark.rule("SEC-21")
def test_who_does_not_write_records(role):
    assert not permissions_of(role) & WRITING


@pytest.mark.rule("SEC-12")
def test_nobody_both_approves_and_grants_access():
    both = {Permission.APPROVE_REQUESTS, Permission.GRANT_ACCESS}
    assert not [role for role in Role if both <= permissions_of(role)]


@pytest.mark.parametrize(
    ("permission", "whose"),
    [
        (Permission.EDIT_EVALUATION, [Role.EVALUATION_COORDINATOR]),
        (Permission.LOCK_EVALUATION, [Role.EVALUATION_COORDINATOR]),
        (Permission.ASSESS, [Role.EVALUATION_COORDINATOR, Role.PUPIL_APPRAISAL]),
        (Permission.DECIDE_EXTENSIONS, [Role.SPED_SUPERVISOR]),
        (Permission.UNLOCK_EVALUATION, [Role.SPED_SUPERVISOR]),
    ],
)
def test_each_step_of_an_evaluation_belongs_to_its_own_people(permission, whose):
    assert [row.role for row in roles_with(permission)] == whose
