"""How the address of another district's record is built: by the name of the address, from its records."""

from collections.abc import Callable
from datetime import date

from caseload.actions.dirty import count_child
from caseload.models import Deadline
from enrollment.actions.duties import open_duty
from enrollment.models import (
    YEAR_END,
    DutyKind,
    FeedLoad,
    FeedRow,
    SeatHold,
    SpecialEducationActivity,
    SupportRequest,
)
from ieps.models import Line, Measurement, Statement
from migration.models import DuplicateGroup, FindingCase
from reports.models import ExportRequest, SavedReport, Snapshot
from security import scope
from security.models import Designation
from tests.house.elsewhere import NAME, NUMBER, Elsewhere

Arguments = Callable[[Elsewhere], dict[str, object]]


def of_enrollment(there: Elsewhere) -> dict[str, object]:
    return {"pk": there.enrollment.pk}


def of_exit(there: Elsewhere) -> dict[str, object]:
    facts = {"student": there.student, "district": there.district, "first_day": date(2024, 8, 12)}
    with scope.elevated():
        row, _ = SpecialEducationActivity.objects.get_or_create(
            **facts, defaults={"last_day": date(2025, 5, 20), "exit_reason": "X05"}
        )
    return {"pk": row.pk}


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


def of_snapshot(there: Elsewhere) -> dict[str, object]:
    """A count of its district that holds the child, who stands otherwise now."""
    day = date(2026, 10, 1)
    kept = {"district": there.district, "day": day, "count_date": day}
    row = {
        "file": "FS002",
        "counted": False,
        "reasons": ["NO_RACE"],
        "age": "11",
        "english_learner": "MISSING",
    }
    with scope.elevated():
        count, new = Snapshot.objects.get_or_create(**kept, defaults={"frozen_by": there.keeper})
        if not count.children.filter(student=there.student).exists():
            count.children.create(student=there.student, district=there.district, **row)
    return {"pk": count.pk}


def of_legacy_case(there: Elsewhere) -> dict[str, object]:
    with scope.elevated():
        return {"pk": FindingCase.objects.get(key=there.student.legacy_key, rule="DQ-017").pk}


def of_legacy_run(there: Elsewhere) -> dict[str, object]:
    with scope.elevated():
        return {"run_id": FindingCase.objects.get(pk=of_legacy_case(there)["pk"]).last_run_id}


def of_likeness(there: Elsewhere) -> dict[str, object]:
    with scope.elevated():
        return {"pk": DuplicateGroup.objects.get(records__key=there.student.legacy_key).pk}


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


def of_saved_report(there: Elsewhere) -> dict[str, object]:
    """Shared in its district; it names no child."""
    kept = {"owner": there.keeper, "name": "Child count", "slug": "students", "district": there.district}
    return {"pk": SavedReport.objects.get_or_create(**kept)[0].pk}


def of_export_request(there: Elsewhere) -> dict[str, object]:
    asked = {"asked_by": there.keeper, "district": there.district, "slug": "students", "format": "csv"}
    return {"pk": ExportRequest.objects.get_or_create(**asked, defaults={"rows": 60_000})[0].pk}


def of_deadline(there: Elsewhere) -> dict[str, object]:
    with scope.elevated():
        count_child(there.student.pk)
        return {"pk": Deadline.objects.get(record_kind="evaluation", number="D02", student=there.student).pk}


API_VERBS = (
    "transfer", "attend", "contact-attempts", "papers", "decision", "notice", "administrative-exit"
)  # fmt: skip
SNAPSHOT_PAGES = (
    "snapshot", "certify_snapshot", "reopen_snapshot", "snapshot_difference", "snapshot_take_over",
    "snapshot_checks", "snapshot_year", "snapshot_file",
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
    "migration:case": of_legacy_case,
    "migration:give_case": of_legacy_case,
    "migration:run_findings": of_legacy_run,
    "migration:duplicate": of_likeness,
    "caseload:student": of_student,
    "caseload:access_record": of_student,
    "students:merge": of_student,
    "students:part_c": of_student,
    "students:merges": of_student,
    "students:undo_merge": lambda there: {"pk": there.merge.pk},
    "caseload:deadline": of_deadline,
    "caseload:event": lambda there: {**of_student(there), "kind": "iep", "record_id": there.iep.pk},
    "jobs:job": lambda there: {"pk": there.job.pk},
    "jobs:stop": lambda there: {"pk": there.job.pk},
    "reports:outcome": of_exit,
    **{f"reports:{name}": of_saved_report for name in ("saved", "change_saved", "remove_saved")},
    **{f"reports:{name}": of_export_request for name in ("export_request", "decide_export")},
    "documents:download": lambda there: {"pk": there.document.pk},
    "enrollment:enter_known": of_student,
    "enrollment:exit": of_enrollment,
    "enrollment:exit_reason": of_exit,
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
    "ieps:detach": lambda there: {**of_iep(there), "attachment": 0},
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
    **{f"reports:{name}": of_snapshot for name in SNAPSHOT_PAGES},
    **{f"api:count-{name}": of_snapshot for name in ("detail", "cells", "children", "checks")},
    "api:figure-detail": lambda there: {"place": str(there.district.pk)},
    "api:disproportionality-detail": lambda there: {"district": there.district.pk},
    **{f"migration:{n}": lambda there: {"pk": there.archive.pk} for n in ("archived", "archive_visits")},
    **{
        f"migration:{name}": lambda there: {"pk": there.asked_archive.pk}
        for name in ("archive_request", "archive_records", "print_archive")
    },
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
        for name in ("resync", "send_differences", "stop_resync", "resync_report", "resync_children")
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
