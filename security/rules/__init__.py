"""Who may do what: the role matrix."""

from rulebook.registry import RuleTable
from security.rules.addresses import ADDRESSES_CSV, AddressRow
from security.rules.guarded_tables import GUARDED_TABLES_CSV, GuardedTableRow
from security.rules.requests import REQUEST_MOVES_CSV, MoveRow
from security.rules.roles import PERMISSIONS_CSV, ROLES_CSV, PermissionRow, RoleRow

TABLES = (
    RuleTable(
        "roles",
        "Roles",
        "security",
        ROLES_CSV,
        RoleRow,
        "What each role is for, how far it reaches, and what it must not do.",
    ),
    RuleTable(
        "permissions",
        "Permissions of each role",
        "security",
        PERMISSIONS_CSV,
        PermissionRow,
        "One row for each permission that a role gives. What is not listed is not allowed.",
    ),
    RuleTable(
        "request-moves",
        "Access requests",
        "security",
        REQUEST_MOVES_CSV,
        MoveRow,
        "How an access request moves from state to state, and who moves it.",
    ),
    RuleTable(
        "addresses",
        "What every address answers to whom",
        "security",
        ADDRESSES_CSV,
        AddressRow,
        "Each page and each call of the API, for every relation between a person and a child's district.",
    ),
    RuleTable(
        "guarded-tables",
        "What view-only mode guards",
        "security",
        GUARDED_TABLES_CSV,
        GuardedTableRow,
        "Which tables are not written in view-only mode, and why the others that bear students are.",
    ),
)
