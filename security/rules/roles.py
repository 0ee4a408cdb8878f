"""Roles and what each may do: `roles.csv` and `permissions.csv`, read once."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

ROLES_CSV = Path(__file__).parent / "roles.csv"
PERMISSIONS_CSV = Path(__file__).parent / "permissions.csv"


class Role(StrEnum):
    SEA_ADMINISTRATOR = "sea_administrator"
    SUPERINTENDENT = "superintendent"
    SECURITY_COORDINATOR = "security_coordinator"
    SPED_SUPERVISOR = "sped_supervisor"
    DATA_MANAGER = "data_manager"
    EVALUATION_COORDINATOR = "evaluation_coordinator"
    PUPIL_APPRAISAL = "pupil_appraisal"
    IEP_AUTHOR = "iep_author"
    ODR = "odr"
    SERVICE_PROVIDER = "service_provider"
    READER = "reader"
    MEDICAID_ADMIN = "medicaid_admin"
    MEDICAID_PROVIDER = "medicaid_provider"
    MEDICAID_READER = "medicaid_reader"
    AUDITOR = "auditor"
    REGISTRAR = "registrar"
    SUPPORT = "support"


class Permission(StrEnum):
    VIEW_STUDENTS = "view_students"
    EDIT_STUDENTS = "edit_students"
    ENTER_EXIT = "enter_exit"
    DECIDE_EXITS = "decide_exits"
    REFER = "refer"
    EDIT_EVALUATION = "edit_evaluation"
    ASSESS = "assess"
    LOCK_EVALUATION = "lock_evaluation"
    UNLOCK_EVALUATION = "unlock_evaluation"
    DECIDE_EXTENSIONS = "decide_extensions"
    WRITE_NOTICES = "write_notices"
    KEEP_CONTACTS = "keep_contacts"
    WRITE_IEP = "write_iep"
    APPROVE_IEP = "approve_iep"
    DECIDE_DELETIONS = "decide_deletions"
    REASSIGN = "reassign"
    KEEP_BANK = "keep_bank"
    CERTIFY_COUNTS = "certify_counts"
    EXPORT = "export"
    VIEW_ACCESS_RECORD = "view_access_record"
    GRANT_ACCESS = "grant_access"
    APPROVE_REQUESTS = "approve_requests"
    DESIGNATE_COORDINATOR = "designate_coordinator"
    SEE_EDFI = "see_edfi"
    MANAGE_EDFI = "manage_edfi"
    RUN_ROLLOVER = "run_rollover"
    ACCEPT_ROLLOVER = "accept_rollover"
    REQUEST_ARCHIVE = "request_archive"
    DECIDE_ARCHIVE = "decide_archive"
    WORK_ON_FINDINGS = "work_on_findings"
    SEE_JOBS = "see_jobs"
    SEE_RULEBOOK = "see_rulebook"
    ASK_SUPPORT_ACCESS = "ask_support_access"


# What a person may do before signing the confidentiality assurance: nothing of it shows a student (SEC-04).
NEEDS_NO_ASSURANCE = frozenset(
    {
        Permission.GRANT_ACCESS,
        Permission.APPROVE_REQUESTS,
        Permission.DESIGNATE_COORDINATOR,
        Permission.SEE_RULEBOOK,
    }
)

# About the access of a whole district: a role at one of its sites does not give it there.
GOVERNS_ACCESS = frozenset(
    {Permission.GRANT_ACCESS, Permission.APPROVE_REQUESTS, Permission.DESIGNATE_COORDINATOR}
)
LOOKS_AFTER = (Permission.GRANT_ACCESS, Permission.APPROVE_REQUESTS)  # who sees who has access there


class Scope(StrEnum):
    """How far a role usually reaches; the assignment names the place itself."""

    STATE = "state"
    DISTRICT = "district"
    SITE = "site"
    CASELOAD = "caseload"


@dataclass(frozen=True)
class RoleRow:
    """`short` is how the page header and the sentences of a refusal name the role."""

    KEY: ClassVar = ("role",)

    role: Role
    title: str
    short: str
    scope: Scope
    does: str
    authority: str
    must_not: str = ""


@dataclass(frozen=True)
class PermissionRow:
    KEY: ClassVar = ("role", "permission")

    role: Role
    permission: Permission
    authority: str


@cache
def roles() -> tuple[RoleRow, ...]:
    return read_table(ROLES_CSV, RoleRow)


@cache
def permissions() -> tuple[PermissionRow, ...]:
    """One row for each permission that a role gives."""
    return read_table(PERMISSIONS_CSV, PermissionRow)


@cache
def row_of(role: Role) -> RoleRow:
    return next(row for row in roles() if row.role == role)


@cache
def permissions_of(role: Role) -> frozenset[Permission]:
    return frozenset(row.permission for row in permissions() if row.role == role)


@cache
def roles_with(permission: Permission) -> tuple[RoleRow, ...]:
    """Who can do this: the roles a refusal can name."""
    return tuple(row for row in roles() if permission in permissions_of(row.role))
