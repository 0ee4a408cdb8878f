"""The pages of what the rollover found: as the state, as a district's data manager, as somebody else."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs import actions as jobs
from journal.models import Entry
from migration.models import CodeMap, DuplicateGroup, FindingCase, LoadRun, Verdict
from migration.sample import child
from organizations.models import District
from security import scope
from security.models import AccessRecord
from security.rules.roles import Role
from students.models import Student
from tests.factories import UserFactory
from tests.migration.small import case_of, changed, data_manager, run_of, state_administrator
from tests.migration.test_merge_queue import alike, sharing_a_lasid

pytestmark = pytest.mark.django_db
FAULTS = changed(1, "01", GRADE="K") | changed(2, "04", CONSENT_DATE="") | changed(3, "01", LASID="12345")
LIST = "migration:cases"


def page_of(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def handed(rule: str) -> FindingCase:
    case = case_of(rule)
    with scope.system():
        FindingCase.objects.filter(pk=case.pk).update(handed_at=case.first_run.started_at)
    return case_of(rule)


@pytest.mark.rule("RLO-14")
def test_the_list_names_rule_value_hint_and_the_child_and_leaves_a_line(tmp_path, browse):
    run_of(tmp_path, FAULTS)
    page = page_of(browse(state_administrator()), LIST)
    assert "GRADE K" in page
    assert "not here" in page  # the one with the short LASID
    with scope.system():
        pupil = Student.objects.get(legacy_key="000700001")
        assert reverse("caseload:student", args=[pupil.pk]) in page
        assert AccessRecord.objects.filter(student_id=pupil.pk).exists()


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ({"rule": "DQ-014"}, {"DQ-014"}),
        ({"severity": "fatal"}, {"DQ-010"}),
        ({"state": "GONE"}, set()),
        ({"whose": "mine"}, set()),
        ({"whose": "state"}, {"DQ-010", "DQ-014", "DQ-031"}),
        ({"code": "GRADE K"}, {"DQ-014"}),
        ({"code": "GRADE"}, {"DQ-014"}),
        ({"code": "RADE K"}, set()),
    ],
)
def test_filters_narrow_the_list(tmp_path, browse, query, rules):
    run_of(tmp_path, FAULTS)
    answer = browse(state_administrator()).get(reverse(LIST), query)
    assert {row["finding"].sub.partition(",")[0] for row in answer.context["page"].rows} == rules


def test_the_state_hands_over_what_the_list_shows_and_the_district_works_on_it(tmp_path, browse):
    run_of(tmp_path, FAULTS)
    manager, state = data_manager(), browse(state_administrator())
    district = District.objects.get(code="911")
    asked = {"rule": "DQ-031", "district": district.pk}
    assert "Hand all 1 to Cypress Parish" in page_of(state, LIST, **asked)
    state.post(reverse("migration:hand_over"), asked)
    address = reverse("migration:case", args=[case_of("DQ-031").pk])
    mine = browse(manager)
    mine.post(reverse("migration:give_case", args=[case_of("DQ-031").pk]), {"to": manager.pk})
    mine.post(address, {"how": "FIXED", "words": "The consent of January 11 is entered."})
    page = mine.get(address).content.decode()
    assert "fixed in the records" in page
    assert "The consent of January 11 is entered." in page


def test_a_closing_without_a_word_is_refused_beside_its_field(tmp_path, browse):
    run_of(tmp_path, FAULTS)
    address = reverse("migration:case", args=[handed("DQ-031").pk])
    page = browse(data_manager()).post(address, {"how": "FIXED", "words": ""}).content.decode()
    assert "Say what you did or found out." in page
    assert case_of("DQ-031").is_open


def test_what_is_still_with_the_state_the_district_reads_without_a_form(tmp_path, browse):
    run_of(tmp_path, FAULTS)
    page = page_of(browse(data_manager()), "migration:case", case_of("DQ-031").pk)
    assert "has not handed this finding" in page
    assert "What became of it" not in page


def test_another_district_is_shown_nothing_and_finds_nothing(tmp_path, browse):
    run_of(tmp_path, FAULTS)
    other = browse(data_manager("912"))
    assert "No run has found anything here." in page_of(other, LIST)
    assert other.get(reverse("migration:case", args=[case_of("DQ-014").pk])).status_code == 404
    assert "000700001" not in page_of(other, "migration:run_findings", LoadRun.objects.get().pk)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.IEP_AUTHOR, Role.REGISTRAR, Role.SECURITY_COORDINATOR])
def test_support_and_others_see_none_of_it(tmp_path, browse, role):
    run_of(tmp_path, FAULTS)
    district = {} if role == Role.SUPPORT else {"role__district": District.objects.get(code="911")}
    client = browse(UserFactory(role=role, **district))
    for name in (LIST, "migration:over_runs", "migration:duplicates", "migration:code_maps"):
        assert client.get(reverse(name)).status_code == 403


def test_the_file_has_what_the_list_shows_and_is_noted(tmp_path, browse):
    run_of(tmp_path, FAULTS)
    client = browse(data_manager())
    answer = client.post(f"{reverse('migration:cases_file')}?rule=DQ-014", {"reason": "For the schools"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["Rule"], row["Value"], row["State student ID"]) for row in rows] == [
        ("DQ-014", "GRADE K", child(1)["01"]["LASID"])
    ]
    assert Entry.objects.get(kind="EXPORTED").details["rows"] == 1


def test_a_file_without_a_reason_is_refused(tmp_path, browse):
    run_of(tmp_path, FAULTS)
    answer = browse(data_manager()).post(reverse("migration:cases_file"), {"reason": ""}, follow=True)
    assert "Say what you need the file for." in answer.content.decode()


def test_the_picture_says_its_numbers_and_each_opens_its_rows(tmp_path, browse):
    first = run_of(tmp_path, FAULTS)
    run_of(tmp_path, changed(1, "01", GRADE="K"))
    state = browse(state_administrator())
    answer = state.get(reverse("migration:over_runs"))
    page = answer.content.decode()
    assert f"Run {first.pk}: 1 fatal, 2 error, 0 warning, 3 in all." in page
    assert "url(#over-runs-hatched)" in page
    assert {row.key: row.numbers for row, _ in answer.context["rows"]} == {
        "DQ-010": (1, 0), "DQ-014": (1, 1), "DQ-031": (1, 0),
    }  # fmt: skip
    rows = state.get(reverse("migration:run_findings", args=[first.pk]), {"rule": "DQ-031"}).context["page"]
    assert [row["finding"].sub for row in rows.rows] == ["DQ-031"]


def test_a_run_stands_under_its_day_here(tmp_path, browse):
    run = run_of(tmp_path, FAULTS)
    with scope.system():
        LoadRun.objects.filter(pk=run.pk).update(started_at=datetime(2026, 3, 5, 4, 30, tzinfo=UTC))
    answer = browse(state_administrator()).get(reverse("migration:over_runs"))
    assert answer.context["found"].days == ("Mar 4",)


def test_the_picture_is_drawn_by_district_too(tmp_path, browse):
    run_of(tmp_path, FAULTS)
    answer = browse(state_administrator()).get(reverse("migration:over_runs"), {"by": "district"})
    assert [(row.label, row.numbers) for row, _ in answer.context["rows"]] == [("Cypress Parish", (3,))]


@pytest.mark.rule("DQ-011")
def test_records_with_one_lasid_are_decided_on_their_page(tmp_path, browse):
    run_of(tmp_path, sharing_a_lasid())
    state = browse(state_administrator())
    with scope.system():
        group = DuplicateGroup.objects.get()
        stands = group.records.first().pk
    address = reverse("migration:duplicate", args=[group.pk])
    assert address in page_of(state, "migration:duplicates")
    shown = page_of(state, "migration:duplicate", group.pk)
    ids = re.findall(r' id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))  # two forms ask for a reason
    assert "English" in shown  # and not only its code
    refused = state.post(address, {"say": "same", "reason": "One birth certificate."}).content.decode()
    assert "Choose the record that stands." in refused
    state.post(address, {"say": "same", "stands": stands, "reason": "One birth certificate."})
    assert "Nobody is asked again." in page_of(state, "migration:duplicate", group.pk)


@pytest.mark.rule("DQ-012")
def test_loaded_children_are_merged_on_their_page_by_the_district(tmp_path, browse):
    run_of(tmp_path, alike())
    mine = browse(data_manager())
    with scope.system():
        group = DuplicateGroup.objects.get()
    address = reverse("migration:duplicate", args=[group.pk])
    form = mine.get(address).context["merging"]["form"]
    sent = {"say": "merge", "goes_on": form["goes_on"].value(), "key": form["key"].value()}
    mine.post(address, sent | {"reason": "One birth certificate.", "checked": "on"})
    with scope.system():
        assert DuplicateGroup.objects.get().verdict == Verdict.SAME
        assert Student.objects.filter(merged_into=None).count() == 1


@pytest.mark.rule("DQ-012")
def test_the_state_is_told_who_merges(tmp_path, browse):
    run_of(tmp_path, alike())
    with scope.system():
        group = DuplicateGroup.objects.get()
    page = page_of(browse(state_administrator()), "migration:duplicate", group.pk)
    assert "of Cypress Parish can merge two records of a child" in page
    assert "They are different children" in page


@pytest.mark.rule("DQ-014")
def test_a_code_is_read_on_its_page_and_the_extract_run_again(
    tmp_path, browse, monkeypatch, django_capture_on_commit_callbacks
):
    sent: list[int] = []
    monkeypatch.setattr(jobs, "_send", lambda job: sent.append(job.pk))
    run_of(tmp_path, FAULTS)
    state = browse(state_administrator())
    page = page_of(state, "migration:code_maps")
    assert f"{reverse(LIST)}?rule=DQ-014&amp;state=OPEN&amp;code=GRADE+K" in page
    reading = {"code_set": "grade", "legacy_code": "K", "code": "25", "why": "Kindergarten"}
    assert (
        "Choose one of our codes."
        in state.post(reverse("migration:map_code"), reading | {"code": ""}).content.decode()
    )
    state.post(reverse("migration:map_code"), reading)
    assert "Kindergarten" in page_of(state, "migration:code_maps")
    with django_capture_on_commit_callbacks(execute=True):
        state.post(reverse("migration:run_again"))
    assert sent == [LoadRun.objects.latest("pk").job_id]
    state.post(reverse("migration:unmap", args=[CodeMap.objects.get().pk]))
    assert "K was read as 25" in page_of(state, "migration:code_maps")


def test_pages_ask_as_often_for_many_findings_as_for_few(tmp_path, browse):
    few = changed(1, "01", GRADE="K") | changed(2, "04", CONSENT_DATE="")
    many = {number: child(number) for number in range(1, 21)}
    for records in many.values():
        records["01"]["GRADE"], records["04"]["CONSENT_DATE"] = "K", ""
        records["08"]["LRE_CODE"] = ""
    asked = []
    for children in (few, many):
        run = run_of(tmp_path, children)
        client = browse(state_administrator())
        addresses = [reverse(LIST), reverse("migration:run_findings", args=[run.pk])]
        with CaptureQueriesContext(connection) as queries:
            for address in [*addresses, reverse("migration:over_runs"), reverse("migration:code_maps")]:
                client.get(address)
        asked.append(len(queries))
    assert (
        asked[1] <= asked[0] + 2
    )  # keys of evaluations and of IEPs: one more query for a kind, not for a row


@pytest.mark.rule("DQ-012")
def test_whoever_sees_loaded_children_in_the_merge_queue_is_in_their_record_of_access(tmp_path, browse):
    run_of(tmp_path, alike())
    page_of(browse(state_administrator()), "migration:duplicates")
    with scope.system():
        seen = set(AccessRecord.objects.values_list("student_id", flat=True))
        assert seen == set(Student.objects.values_list("pk", flat=True))
        assert len(seen) == 2
