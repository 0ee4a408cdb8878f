"""Every address of the product: what stands there, and how it is built from the record of a child.

An address that is in none of the tables below fails a test, with a sentence that says what to add.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from caseload.actions.dirty import count_child
from caseload.models import Deadline
from enrollment.actions.duties import open_duty
from enrollment.models import YEAR_END, DutyKind, FeedLoad, FeedRow, SeatHold, SupportRequest
from ieps.models import Line, Measurement, Statement
from reports.indicator_lists import INDICATORS
from reports.lists import OF_ENROLLMENT, every_list
from security import scope
from security.models import Designation
from tests.house.elsewhere import NAME, NUMBER, Elsewhere

OPEN = {"healthz", "security:sign_in", "account_login", "ui:accessibility", "security:public_users",
        "caseload:feed"}  # fmt: skip
# Steps of a sign-in: open to whoever has begun one, and lead to its beginning otherwise.
STEPS = {"mfa_authenticate", "openid_connect_login", "openid_connect_callback"}

# About the person, the program or the place; no row of a child can stand on them.
ABOUT_NO_CHILD = {
    "security:sign_out", "security:extend_session", "security:account", "security:change_password",
    "security:assurance", "security:notices", "security:read_notices", "security:desk", "security:ask",
    "security:staff_id", "security:requests", "api:access-request-list",
    "security:users", "security:publish_users",
    "security:confirm_role", "security:resolve_absence",
    "security:take_back", "security:staff_files", "security:staff_file", "security:reviews",
    "students:cut_over",
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
    "edfi:make", "edfi:file", "ieps:regression", "ieps:leap_connect", "ieps:blank_forms", "ieps:print_blank",
    "ieps:print_many", "ieps:bank", "ieps:add_statement", "ieps:import_statements",
    "caseload:reminders", "caseload:change_feed",
}  # fmt: skip

# Children stand on them, as many as the reader may see: another district's is never among them.
LISTS = {
    "caseload:home", "jobs:list", "reports:lists", "reports:list", "reports:export", "reports:export_form",
    "students:list", "students:search", "enrollment:enter", "evaluations:list", "notices:list",
    "notices:requests", "api:notice-list", "api:contact-list", "api:records-request-list",
    "ieps:list", "ieps:progress_reports", "edfi:desk", "edfi:lines",
    "evaluations:refer_unenrolled",
    "enrollment:exits", "enrollment:duties", "enrollment:seats", "enrollment:requests",
    "api:student-list", "api:student-search", "api:enrollment-list", "api:evaluation-list", "api:iep-list",
    "api:duty-list", "api:finding-list", "api:roster-list", "api:deadline-list", "api:caseload-list",
    "enrollment:roster", "enrollment:roster_difference", "enrollment:over_the_year", "enrollment:cohort",
    "enrollment:dropouts", "enrollment:findings", "enrollment:year_end",
    "reports:indicator_11", "reports:indicator_12", "reports:indicator_13",
    "caseload:deadlines", "caseload:overview", "caseload:month", "caseload:hand_over",
}  # fmt: skip

# Those of enrollment and the indicators are looked at in tests/reports.
SLUGS = [slug for slug, found in every_list().items() if found not in (*OF_ENROLLMENT, *INDICATORS)]

# For state administrators alone: refused before anything is looked up.
STATEWIDE = {
    "migration:runs", "migration:run", "migration:progress", "migration:go_on", "migration:rejected",
    "migration:findings", "migration:reconciliation_csv", "enrollment:settings",
    "security:process_designation", "security:publish_assurance", "security:statewide",
    "security:name_role",
}  # fmt: skip


Arguments = Callable[[Elsewhere], dict[str, object]]


def of_enrollment(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.enrollment.pk}


def of_evaluation(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.evaluation.pk}


def of_notice(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.notice.pk}


def of_records(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.asked_records.pk}


def of_component(there: Elsewhere) -> dict[str, object]:
    facts = {"area": "VISION", "evaluator": there.keeper}
    with scope.elevated():
        row, _ = there.evaluation.components.get_or_create(
            **facts, defaults={"assigned_on": date(2026, 9, 1)}
        )
    return {**of_evaluation(there), "component": row.pk}


def of_section(there: Elsewhere) -> dict[str, object]:
    return {**of_evaluation(there), "section": "needs"}


def of_iep(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.iep.pk}


def of_connection(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.connection.pk}


def of_line(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.iep.pk, "section": "GSI", "line": there.line.pk}


def of_goal(there: Elsewhere) -> dict[str, object]:
    with scope.elevated():
        line, _ = Line.objects.get_or_create(iep=there.iep, section="INS", place=1, added_by=there.keeper)
    return {**of_iep(there), "line": line.pk}


def of_measurement(there: Elsewhere) -> dict[str, object]:
    goal = of_goal(there)["line"]
    facts = {"student": there.student, "district": there.district, "goal_id": goal, "unit": "percent"}
    with scope.elevated():
        row, _ = Measurement.objects.get_or_create(**facts, on=date(2026, 9, 1), value=40, by=there.keeper)
    return {**of_iep(there), "measurement": row.pk}


def of_field(there: Elsewhere) -> dict[str, object]:
    return {**of_iep(there), "section": "GSI", "field": "strengths"}


def of_statement(there: Elsewhere) -> dict[str, object]:
    kept = {"district": there.district, "section": "INS", "field": "goal", "text": "Reads aloud."}
    with scope.elevated():
        return {"pk": Statement.objects.get_or_create(**kept, defaults={"added_by": there.keeper})[0].pk}


def of_finding(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.finding.pk}


def of_student(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.student.pk}


def of_request(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.asked.pk}


def of_keeper(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.keeper.pk}


def of_review(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.review.pk}


def of_feed(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.feed.pk}


def of_year_end(there: Elsewhere) -> dict[str, object]:
    """As the feed, wanted by a person for a whole school."""
    said = {"state_student_id": NUMBER, "last_name": NAME, "first_name": "Zephyrine", "grade": "06"}
    with scope.elevated():
        kept = {"district": there.district, "school_year": there.feed.school_year, "layout": YEAR_END}
        load, new = FeedLoad.objects.get_or_create(**kept, defaults={"sha256": "0", "state": "CHECKED"})
        if new:
            row = {"district": there.district, "student_id": there.student.pk}
            FeedRow.objects.create(load=load, line=1, fields=said, does="same", **row)
    return {"pk": load.pk}


def of_district(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.district.pk}


def of_child(there: Elsewhere) -> dict[str, object]:
    """What every row of its papers needs."""
    return {
        "enrollment": there.enrollment, "student": there.student,
        "district_id": there.enrollment.district_id,
    }  # fmt: skip


def of_duty(there: Elsewhere) -> dict[str, object]:
    with scope.elevated():
        open_duty(there.enrollment, DutyKind.WHEREABOUTS, date(2026, 8, 10))
    return {"pk": there.enrollment.pk, "kind": DutyKind.WHEREABOUTS.value}


def of_seat(there: Elsewhere) -> dict[str, object]:
    row = of_child(there) | {"site": there.enrollment.site, "since": date(2026, 9, 1)}
    with scope.elevated():
        SeatHold.objects.get_or_create(enrollment=row.pop("enrollment"), defaults=row)
    return of_enrollment(there)


def of_support_request(there: Elsewhere) -> dict[str, object]:
    asked = {"sub_category": "", "closed_at": None}
    said = {"issue_type": "Enrollment / Enrollment Audit", "words": NAME, "due_diligence": "Called twice"}
    with scope.elevated():
        row, _ = SupportRequest.objects.get_or_create(**of_child(there), **asked, defaults=said)
    return {"pk": row.pk}


def of_designation(there: Elsewhere) -> dict[str, object]:
    """One that waits for the state."""
    facts = {"district": there.district, "user": there.asked.requester, "withdrawn_at": None}
    row, _ = Designation.objects.get_or_create(**facts, defaults={"submitted_by": there.keeper})
    return {"pk": row.pk}


def of_api_duty(there: Elsewhere) -> dict[str, object]:
    with scope.elevated():
        return {"pk": open_duty(there.enrollment, DutyKind.WHEREABOUTS, date(2026, 8, 10)).pk}


def of_deadline(there: Elsewhere) -> dict[str, object]:
    with scope.elevated():
        count_child(there.student.pk)
        return {"pk": Deadline.objects.get(record_kind="evaluation", number="D02", student=there.student).pk}


API_VERBS = (
    "transfer", "attend", "contact-attempts", "papers", "decision", "notice", "administrative-exit"
)  # fmt: skip
OFFICIAL_PAGES = ("review", "approve", "official", "attach", "amend", "changes", "correct", "deletion")
OFFICIAL_VERBS = (
    "review", "sign", "approve", "official", "amend", "changes", "correct", "ask-deletion", "decide-deletion",
)  # fmt: skip
EVALUATION_VERBS = (
    "consent-request", "consent", "consent-refusal", "consent-revocation", "no-assessment", "extension",
    "extension-decision",
    "determination", "dissemination", "discard", "parts", "component", "component-completion",
    "component-reopening", "component-removal", "component-evaluator", "meeting", "member", "member-out",
    "section", "waiver", "parent-copy",
)  # fmt: skip
# How to build the address of another district's record.
ABOUT_ONE: dict[str, Arguments] = {
    "caseload:student": of_student,
    "caseload:access_record": of_student,
    "students:merge": of_student,
    "students:part_c": of_student,
    "students:merges": of_student,
    "students:undo_merge": lambda there: {"pk": there.merge.pk},
    "caseload:deadline": of_deadline,
    "caseload:event": lambda there: {**of_student(there), "kind": "iep", "record_id": there.iep.pk},
    "jobs:job": lambda there: {"pk": there.job.pk},
    "documents:download": lambda there: {"pk": there.document.pk},
    "enrollment:enter_known": of_student,
    "enrollment:exit": of_enrollment,
    "enrollment:exit_effects": of_enrollment,
    "enrollment:exit_codes": of_enrollment,
    "enrollment:no_show": of_enrollment,
    **{f"enrollment:{name}": of_enrollment for name in ("after", "attend", "nonpublic", "ask", "move")},
    "enrollment:after_step": lambda there: {**of_enrollment(there), "name": "attempt"},
    "enrollment:duty": of_duty,
    "enrollment:seat": of_seat,
    "enrollment:request": of_support_request,
    **{f"enrollment:{name}": of_feed for name in ("feed", "feed_load", "feed_refuse", "feed_undo")},
    **{f"enrollment:year_end_{name}": of_year_end for name in ("run", "carry_out", "take_back")},
    "enrollment:explain_finding": of_finding,
    "evaluations:refer": lambda there: {"student_id": there.student.pk},
    "evaluations:evaluation": of_evaluation,
    "evaluations:history": of_evaluation,
    "evaluations:component": of_component,
    "evaluations:component_write": of_component,
    "evaluations:section": of_section,
    "evaluations:section_write": of_section,
    "evaluations:versions": of_evaluation,
    "evaluations:print": lambda there: {**of_evaluation(there), "number": 1},
    "evaluations:step": lambda there: {**of_evaluation(there), "name": "determination"},
    "notices:child": of_student,
    "notices:add": lambda there: {**of_student(there), "name": "contact"},
    "notices:write": lambda there: {"student_id": there.student.pk, "kind": "PWN"},
    "notices:notice": of_notice,
    "notices:step": lambda there: {**of_notice(there), "name": "draft"},
    "notices:print": of_notice,
    "notices:request": of_records,
    **{f"api:notice-{name}": of_notice for name in ("detail", "text", "issue", "delivery")},
    **{f"api:records-request-{name}": of_records for name in ("detail", "answer")},
    "ieps:start": lambda there: {"student_id": there.student.pk},
    "ieps:iep": of_iep,
    **{f"ieps:{name}": of_iep for name in ("discard", "print", "life", "versions")},
    "ieps:here": of_iep,
    "ieps:here_in": lambda there: {**of_iep(there), "section": "GSI"},
    "ieps:hold": lambda there: {**of_iep(there), "section": "GSI"},
    "ieps:section": lambda there: {**of_iep(there), "section": "GSI"},
    "ieps:autosave": lambda there: {**of_iep(there), "section": "GSI"},
    "ieps:choose_section": lambda there: {**of_iep(there), "section": "BIP"},
    "ieps:environment": of_iep,
    "ieps:statement": of_statement,
    "ieps:carry_forward": of_iep,
    **{f"ieps:{name}": of_field for name in ("words", "insert_words", "keep_words")},
    "ieps:missing": of_iep,
    "ieps:look_at": lambda there: {**of_iep(there), "section": "GSI"},
    "ieps:fill_in": lambda there: {**of_iep(there), "section": "GSI"},
    "ieps:add_line": lambda there: {**of_iep(there), "section": "GSI"},
    **{f"ieps:{name}": of_iep for name in OFFICIAL_PAGES},
    "ieps:sign": lambda there: {**of_iep(there), "line": there.line.pk},
    **{f"ieps:{name}": of_line for name in ("remove_line", "put_line_back", "move_line")},
    **{f"ieps:{name}": of_iep for name in ("progress", "transition")},
    **{f"ieps:{n}": lambda there: {"student_id": there.student.pk} for n in ("transfer", "transfer_review")},
    "ieps:transfer_step": lambda there: {"student_id": there.student.pk, "name": "comparable"},
    "ieps:answer_transition": lambda there: {**of_iep(there), "item": "goals"},
    "ieps:measure": of_goal,
    "ieps:withdraw_measurement": of_measurement,
    "ieps:history": lambda there: {**of_iep(there), "section": "GSI", "field": "strengths"},
    **{f"security:{name}": of_keeper for name in ("access_of", "leave", "duties", "kept_account")},
    "security:keep_account": lambda there: {"pk": there.asked.requester_id, "deed": "sign-out"},
    "security:end_role": lambda there: {"pk": there.keeper.assignments.first().pk},
    **{f"security:{name}": of_review for name in ("review", "decide_lines", "close_review")},
    "security:withdraw_designation": of_designation,
    "security:request": of_request,
    "security:decide": lambda there: {**of_request(there), "move": "approve"},
    "security:conflict": lambda there: {"pk": there.conflict.pk},
    "security:end_iep_forms": lambda there: {"pk": there.keeper.assignments.first().pk},
    **{f"security:{n}": of_district for n in ("policy", "procedure", "training", "settings", "designate")},
    **{f"api:access-request-{n}": of_request for n in ("detail", "approve", "grant", "deny", "withdraw")},
    **{f"edfi:{n}": lambda there: {"pk": there.trouble.pk} for n in ("send", "assign", "note", "map_value")},
    "edfi:student": of_student,
    **{
        f"edfi:{name}": of_connection
        for name in (
            "connection",
            "check",
            "switch",
            "year",
            "copy_year",
            "map_code",
            "resyncs",
        )
    },
    **{
        f"edfi:{name}": lambda there: {"pk": there.resync.pk}
        for name in ("resync", "send_differences", "stop_resync", "resync_report")
    },
    "api:student-detail": of_student,
    **{f"api:enrollment-{name}": of_enrollment for name in ("detail", "exit", "no-show", *API_VERBS)},
    "api:deadline-detail": of_deadline,
    **{f"api:caseload-{name}": of_keeper for name in ("detail", "hand-over")},
    "api:duty-finish": of_api_duty,
    "api:finding-explain": of_finding,
    **{f"api:evaluation-{name}": of_evaluation for name in ("detail", "lock", "unlock", *EVALUATION_VERBS)},
    **{f"api:iep-{name}": of_iep for name in ("detail", "discard", "texts", "form", "lines", "sections")},
    **{f"api:iep-{name}": of_iep for name in OFFICIAL_VERBS},
    **{f"api:iep-{name}": of_iep for name in ("measurements", "transition")},
    "api:iep-line": lambda there: {"pk": there.iep.pk, "line": there.line.pk},
}

# What is sent where the body is checked before the record is looked for.
SENT = {
    "api:enrollment-exit": {"code": "1943", "last_day": "2026-10-02", "how_known": "Told by the mother"},
    "api:enrollment-no-show": {"last_day": "2026-10-02", "how_known": "Told by the mother"},
    "api:enrollment-transfer": {"site": 1, "first_day": "2026-10-02", "how_known": "Told by the team"},
    "api:enrollment-attend": {"code": "1880", "first_attended": "2026-10-02"},
    "api:enrollment-contact-attempts": {"on": "2026-10-02", "way": "PHONE", "result": "Nobody answered"},
    "api:enrollment-decision": {"paper": 1, "decision": "ACCEPTED"},
    "api:enrollment-notice": {"issued_on": "2026-10-02"},
    "api:enrollment-administrative-exit": {"words": "Take her off", "due_diligence": "Called twice"},
    "api:duty-finish": {"how": "Found at home"},
    "api:finding-explain": {"words": "She skipped a grade"},
    "api:evaluation-consent": {"on": "2026-09-01"},
    "api:evaluation-consent-request": {"on": "2026-09-01"},
    "api:evaluation-consent-refusal": {"on": "2026-09-01", "reason": "None given."},
    "api:evaluation-consent-revocation": {"on": "2026-09-01", "reason": "By letter."},
    "api:evaluation-no-assessment": {"on": "2026-09-01"},
    "api:evaluation-dissemination": {"on": "2026-09-01"},
    "api:evaluation-extension": {"code": "PAR", "to": "2030-09-01", "reason": "Never came."},
    "api:evaluation-extension-decision": {"approve": True},
    "api:evaluation-determination": {"on": "2026-09-20", "outcome": "ELIG"},
    "api:evaluation-component": {"area": "HEARING", "evaluator": 1, "on": "2026-09-02"},
    "api:evaluation-component-completion": {
        "component": 1,
        "on": "2026-09-20",
        "instruments": "WJ IV",
        "findings": "Grade 2.",
    },
    "api:evaluation-component-reopening": {"component": 1, "reason": "A score was wrong."},
    "api:evaluation-component-removal": {"component": 1, "reason": "Another area."},
    "api:evaluation-component-evaluator": {
        "component": 1,
        "evaluator": 1,
        "on": "2026-09-02",
        "reason": "She moved.",
    },
    "api:iep-sign": {"line": 1, "name": "Corinne Fontenot"},
    "api:iep-approve": {"name": "Lucien Prejean"},
    "api:iep-amend": {"why": "More speech therapy"},
    "api:iep-correct": {
        "section": "GSI",
        "field": "strengths",
        "before": "a",
        "after": "b",
        "reason": "A slip",
    },
    "api:iep-ask-deletion": {"reason": "Of another child"},
    "api:iep-decide-deletion": {"grant": True},
    "api:caseload-hand-over": {"to": 1, "chosen": ["iep-1"]},
    "api:evaluation-meeting": {"on": "2026-09-20"},
    "api:evaluation-member": {"name": "Corinne Fontenot", "part": "PARENT"},
    "api:evaluation-member-out": {"member": 1},
    "api:evaluation-section": {"section": "needs", "text": "A quiet room.", "version": 0},
    "api:evaluation-waiver": {
        "parent_name": "Corinne Fontenot",
        "parent_signed_on": "2026-09-20",
        "agency_name": "Anselm Roy",
        "agency_signed_on": "2026-09-20",
        "data_are_adequate": True,
    },
    "api:evaluation-parent-copy": {"on": "2026-10-02", "to": "Her mother"},
    "api:evaluation-discard": {"reason": "entered twice"},
    "api:evaluation-unlock": {"reason": "to correct it"},
    "api:notice-text": {"elements": {"why": "She reads late"}},
    "api:notice-issue": {"on": "2026-10-02"},
    "api:notice-delivery": {"channel": "MAIL", "on": "2026-10-02", "to": "Her mother"},
    "api:records-request-answer": {"on": "2026-10-02", "way": "COPIES"},
    "api:iep-discard": {"reason": "entered twice"},
    "api:iep-transition": {"item": "goals", "answer": "yes"},
    "api:iep-measurements": {"goal": 1, "on": "2026-09-20", "value": 40, "unit": "percent"},
    "api:iep-lines": {"section": "GSI", "table": "participants"},
    "api:iep-sections": {"section": "BIP", "added": True},
    "ieps:hold": {"deed": "leave"},
}
DUMMIES = {
    "slug": "students", "kind": "iep", "section": "GSI", "field": "strengths", "name": "lock",
    "form": "LA", "category": "REG",
}  # fmt: skip
# These tell of no child; two say who else is there.
READ_AT_HOME = ABOUT_ONE.keys() - {
    "edfi:check", "edfi:send", "edfi:connection", "edfi:switch", "edfi:year", "edfi:copy_year",
    "edfi:map_code", "edfi:assign", "edfi:note", "edfi:map_value", "edfi:resyncs", "edfi:resync_report",
    "edfi:send_differences", "edfi:stop_resync", "ieps:here", "ieps:here_in",
}  # fmt: skip
OF_NO_CHILD = ("security:", "api:access-request", "ieps:statement")
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
