"""The data dictionary cannot drift: every field of a record is in it, and everything it names is there."""

import csv
import io

import pytest
from django.apps import apps
from django.urls import reverse

from eser.rule_tables import open_rule_book
from reports.dictionary import dictionary, every_field
from reports.rules.dictionary import FEED, LEGACY, SYSTEM, meanings
from rulebook.registry import table_called
from security.rules.roles import Permission, Role
from tests.factories import UserFactory
from tests.standin.official import IS_THERE, properties_of

# How a record is kept: whose it is, who wrote it and when, where it came from.
KEPT = {
    "id", "student", "evaluation", "iep", "enrollment", "notice", "outside", "goal", "line", "state",
    "version", "source", "legacy_key", "load_run_id", "continuity", "original_author", "original_created_at",
    "original_modified_at", "created_at", "modified_at", "by", "by_id", "at", "recorded_at", "recorded_by",
    "recorded_by_id",
    "saved_by", "saved_at", "author", "sort_name", "merged_into", "seq", "document_id", "sha256", "ip",
    "asked_at", "asked_by_id", "decided_at", "decided_by_id", "withdrawn_by", "withdrawn_at", "notice_id",
    "evaluation_id", "enrollment_id", "written_by_id", "issued_by_id", "lines", "replaces", "answered_by_id",
    "revoked_document_id", "drawing", "paper", "replaced_by", "replaced_from", "adopted_from",
    "added_sections", "amends",
}  # fmt: skip
TOLD_BY_THE_CHILD = {"district"}


def described() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in meanings():
        found.setdefault(row.record, set()).add(row.field)
    return found


@pytest.mark.parametrize("record", sorted(described()))
def test_every_field_of_a_record_is_described(record):
    concrete = {field.name for field in apps.get_model(record)._meta.concrete_fields}
    told = described()[record]
    assert (told - concrete, concrete - told - KEPT - TOLD_BY_THE_CHILD) == (set(), set())


def test_every_record_of_a_child_is_described_or_named_here():
    """Papers of the exchange between people and systems; and the list of who did what."""
    left_out = {
        "Student", "StudentAccess", "StudentIdentifier", "StudentMerge", "Duty", "FeedRow", "FeedChange",
        "Finding", "SupportRequest", "LockedReport",
    }  # fmt: skip
    bears_a_child = {
        model.__name__
        for app in ("students", "enrollment", "evaluations", "ieps", "notices")
        for model in apps.get_app_config(app).get_models()
        if "student" in {field.name for field in model._meta.concrete_fields}
        and not model.__name__.endswith("Event")
    }
    assert bears_a_child - {record.split(".")[1] for record in described()} - left_out == set()


def test_whoever_enters_a_field_has_a_permission_for_it():
    known = {FEED, LEGACY, SYSTEM, *(each.value for each in Permission)}
    assert {row.entered_with for row in meanings()} <= known


def test_every_code_table_is_in_the_rule_book():
    open_rule_book()
    assert [row.codes for row in every_field() if row.codes and not table_called(row.codes)] == []


@pytest.mark.skipif(not IS_THERE, reason="the description of the state's API lies beside the project")
def test_every_path_at_the_state_stands_in_its_description():
    paths = {row.edfi for row in meanings() if row.edfi}
    assert len(paths) > 10
    assert [path for path in sorted(paths) if not is_there(*path.split("."))] == []


def is_there(resource: str, *names: str) -> bool:
    known = properties_of(resource)
    for name in names:
        if name not in known:
            return False
        known = known[name]
    return True


def test_words_find_the_fields_they_stand_in():
    found = dictionary("consent received")
    assert "consent_date" in {row.field for row in found}
    assert "birth_date" not in {row.field for row in found}


def test_the_page_and_its_file_show_the_same_fields(browse):
    browser = browse(UserFactory(role=Role.DATA_MANAGER))
    page = browser.get(reverse("reports:dictionary"), {"words": "eligibility was decided"})
    file = browser.get(reverse("reports:dictionary_csv"), {"words": "eligibility was decided"})
    rows = list(csv.DictReader(io.StringIO(file.content.decode())))
    assert [row["field"] for row in rows] == ["determination_date"]
    assert "determination_date" in page.content.decode()
