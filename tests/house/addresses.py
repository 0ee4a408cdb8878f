"""Every address of the product, and what stands there.

An address that is in none of the tables below fails a test, with a sentence that says what to add.
"""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from reports.lists.every import OF_ENROLLMENT, every_list
from reports.lists.of_indicators import INDICATORS
from tests.house.arguments import ABOUT_ONE
from tests.house.elsewhere import NAME, NUMBER
from tests.house.sent import SENT

OPEN = {"healthz", "security:sign_in", "account_login", "ui:accessibility", "security:public_users",
        "caseload:feed"}  # fmt: skip
# Steps of a sign-in: open to whoever has begun one, and lead to its beginning otherwise.
STEPS = {"mfa_authenticate", "openid_connect_login", "openid_connect_callback"}

# About the person, the program or the place; no row of a child can stand on them.
ABOUT_NO_CHILD = {
    "api:indicator-detail",
    "security:sign_out", "security:extend_session", "security:account", "security:change_password",
    "security:assurance", "security:notices", "security:read_notices", "security:desk", "security:ask",
    "security:staff_id", "security:requests", "api:access-request-list",
    "security:users", "security:publish_users",
    "security:confirm_role", "security:resolve_absence",
    "security:take_back", "security:staff_files", "security:staff_file", "security:reviews",
    "students:cut_over", "migration:legacy_users",
    "students:reach",
    "security:go_on",
    "security:sessions", "security:end_own_session", "security:tokens", "security:end_own_token",
    "security:accounts", "security:new_account", "security:support",
    "security:support_decide", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_new_codes",
    "mfa_remove",
    "api:evaluation-unenrolled",  # begins with the child, who may not be known yet
    "rulebook:index", "rulebook:table", "rulebook:download", "enrollment:entry_codes", "api:schema",
    "enrollment:mapping", "enrollment:map_code", "enrollment:mapping_codes", "enrollment:unmap",
    "enrollment:mapping_copy", "enrollment:mapping_file", "enrollment:mapping_history",
    "caseload:calendars", "caseload:calendar", "caseload:calendar_term", "caseload:open_day",
    *(f"api:calendar-{name}" for name in ("list", "detail", "closing", "opening", "term")),
    "enrollment:feeds", "enrollment:feed_layout", "enrollment:feed_sample", "enrollment:year_end_codes",
    "edfi:make", "edfi:file", "migration:cases_file",
    "edfi:ods", "edfi:ods_check", "edfi:ods_read", "edfi:ods_nightly", "edfi:ods_meanings",
    "ieps:regression", "ieps:leap_connect", "ieps:blank_forms", "ieps:print_blank",
    "ieps:print_many", "ieps:bank", "ieps:add_statement", "ieps:import_statements",
    "caseload:reminders", "caseload:change_feed", "reports:dictionary", "reports:dictionary_csv",
}  # fmt: skip

# Children stand on them, as many as the reader may see: another district's is never among them.
LISTS = {
    "caseload:home", "jobs:list", "reports:lists", "reports:list", "reports:export", "reports:export_form",
    "reports:save", "reports:export_requests",
    "students:list", "students:search", "enrollment:enter", "evaluations:list", "notices:list",
    "notices:requests", "api:notice-list", "api:contact-list", "api:records-request-list",
    "ieps:list", "ieps:progress_reports", "edfi:desk", "edfi:lines", "migration:archive",
    "evaluations:refer_unenrolled",
    "enrollment:exits", "enrollment:duties", "enrollment:seats", "enrollment:requests",
    "api:student-list", "api:student-search", "api:enrollment-list", "api:evaluation-list", "api:iep-list",
    "api:report-list", "api:report-detail", "api:figure-list", "api:count-list",
    "api:indicator-list",
    "api:duty-list", "api:finding-list", "api:roster-list", "api:deadline-list", "api:caseload-list",
    "enrollment:roster", "enrollment:roster_difference", "enrollment:over_the_year", "enrollment:cohort",
    "enrollment:dropouts", "enrollment:findings", "enrollment:year_end",
    "reports:indicator_5", "reports:indicator_6",
    "reports:indicator_11", "reports:indicator_12", "reports:indicator_13", "reports:indicator_14",
    "reports:dashboard",
    "reports:dashboard_csv", "reports:disproportionality", "reports:snapshots",
    "caseload:deadlines", "caseload:overview", "caseload:month", "caseload:hand_over",
    "migration:cases", "migration:over_runs", "migration:duplicates",
}  # fmt: skip

# Those of enrollment and the indicators are looked at in tests/reports.
SLUGS = [slug for slug, found in every_list().items() if found not in (*OF_ENROLLMENT, *INDICATORS)]

# For state administrators alone: refused before anything is looked up.
STATEWIDE = {
    "migration:calendar", "migration:plan", "migration:shut", "migration:live", "migration:back",
    "migration:accept_for",
    "migration:runs", "migration:run", "migration:progress", "migration:go_on", "migration:rejected",
    "migration:findings", "migration:reconciliation_csv", "enrollment:settings",
    "reports:disproportionality_settings",
    "migration:kept", "migration:load_checked", "migration:vanished",
    "migration:report",
    "migration:records", "migration:line", "migration:sample", "migration:decide_sample",
    "migration:sign_sample", "migration:print_sample",
    "migration:hand_over", "migration:code_maps",
    "migration:map_code", "migration:unmap", "migration:run_again",
    "reports:state_count",
    "security:process_designation", "security:publish_assurance", "security:statewide",
    "security:name_role",
}  # fmt: skip

# Nothing has the key 0, whatever the tests before made.
NOWHERE = 0
DUMMIES = {
    "slug": "students", "kind": "iep", "section": "GSI", "field": "strengths", "name": "lock",
    "form": "LA", "category": "REG", "number": 11,
}  # fmt: skip
# These tell of no child; two say who else is there.
READ_AT_HOME = ABOUT_ONE.keys() - {
    "edfi:check", "edfi:send", "edfi:connection", "edfi:switch", "edfi:year", "edfi:copy_year",
    "edfi:map_code", "edfi:assign", "edfi:note", "edfi:map_value", "edfi:resyncs", "edfi:resync_report",
    "edfi:resync_children", "edfi:send_differences", "edfi:stop_resync", "ieps:here", "ieps:here_in",
    "reports:snapshot_checks", "reports:snapshot_year", "reports:snapshot_file",
    "api:figure-detail", "api:count-detail", "api:count-cells", "api:disproportionality-detail",
}  # fmt: skip
OF_NO_CHILD = (
    "security:", "api:access-request", "ieps:statement",
    "reports:saved", "reports:change_saved", "reports:export_request",
)  # fmt: skip
ABOUT_STAFF = {name for name in ABOUT_ONE if name.startswith(OF_NO_CHILD)}
SHOWN_AT_HOME = (
    "caseload:home", "students:list", "students:search", "evaluations:list", "notices:list",
    "notices:requests", "ieps:list", "reports:list",
    "reports:export", "edfi:desk", "edfi:lines", "jobs:list", "api:student-list", "api:student-search",
)  # fmt: skip
HOW_FOUND = ({"q": NUMBER, "name": "Quillfe"}, {"q": "3/12/2015"})


def addresses(patterns=None, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and arguments of every address, by walking through all that is included."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", tuple(pattern.pattern.regex.groupindex)
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner)


NAMES = dict(addresses())


def asked_both_ways(client: Client, address: str, name: str) -> Iterator[tuple[str, Any]]:
    """The same address read and written to."""
    yield "GET", client.get(address)
    kind = "application/json" if name.startswith("api:") else None
    extra = {"content_type": kind} if kind else {}
    yield "POST", client.post(address, SENT.get(name, {}), **extra)
    if name == "api:iep-texts":
        text = {"section": "GSI", "field": "strengths", "text": "", "version": 0}
        yield "PUT", client.put(address, text, content_type=kind)


def tells_of_it(body: str) -> bool:
    return NAME in body or "Zephyrine" in body


def bodies(client: Client, name: str, asked: dict[str, str]) -> Iterator[str]:
    """The page, its fragment, and for lists of reports each list; the file, where one is made."""
    for slug in SLUGS if "slug" in NAMES[name] else [None]:
        address = reverse(name, kwargs={"slug": slug} if slug else {})
        for headers in ({}, {"HX-Request": "true"}):
            yield body_of(client.get(address, asked, headers=headers, follow=True))
        if name == "reports:export":
            yield body_of(client.post(address, {"format": "csv", "reason": "count check"}))


def body_of(answer) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()
    return answer.content.decode(errors="replace")  # a printed form is no text
