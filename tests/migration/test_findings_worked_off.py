"""A finding followed over the runs, handed to its district, given to a person, closed with a word."""

import pytest
from django.db import connection

from journal.models import Entry
from migration.actions.work_off import close, give, hand_over, note
from migration.following import fatal_findings_open, follow
from migration.models import CaseState, FindingCase
from migration.sample import child
from organizations.models import District
from security import scope
from security.models import Notice
from security.refusals import NotAllowed, RuleBroken
from tests.migration.small import case_of, changed, data_manager, run_of, state_administrator, steps_of

pytestmark = pytest.mark.django_db
NO_CONSENT = changed(1, "04", CONSENT_DATE="")
SHORT_LASID = changed(1, "01", LASID="12345")


def closed(by, how=CaseState.EXPLAINED, rule="DQ-031") -> None:
    with scope.of(by):
        close(by=by, case=case_of(rule), how=how, words="The form lies in the district's file.")


@pytest.mark.rule("RLO-14")
def test_a_finding_keeps_its_value_and_its_line_without_the_social_security_number(tmp_path):
    run = run_of(tmp_path, changed(1, "01", GRADE="K"))
    case = case_of("DQ-014")
    assert (case.key, case.value, case.district.code, case.first_run) == ("000700001", "GRADE K", "911", run)
    assert case.original.startswith("01000700001")
    assert child(1)["01"]["SSN_OR_TEMP_ID"] not in case.original


def test_found_again_in_the_next_run_it_is_the_same_finding(tmp_path):
    first = run_of(tmp_path, NO_CONSENT)
    second = run_of(tmp_path, NO_CONSENT)
    case = case_of("DQ-031")
    assert (case.first_run, case.last_run, case.times, case.state) == (first, second, 2, CaseState.OPEN)
    assert steps_of("DQ-031") == []


def test_a_later_extract_without_the_fault_closes_it_as_mended(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    run_of(tmp_path, {1: child(1)})
    assert case_of("DQ-031").state == CaseState.GONE
    assert steps_of("DQ-031") == ["GONE"]


def test_found_again_in_a_later_extract_it_is_open_again_with_its_history(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    closed(state_administrator(), CaseState.FIXED)
    run_of(tmp_path, NO_CONSENT | {2: child(2)})
    assert case_of("DQ-031").state == CaseState.OPEN
    assert steps_of("DQ-031") == ["FIXED", "AGAIN"]


def test_the_same_extract_run_again_reopens_nothing_that_somebody_closed(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    closed(state_administrator(), CaseState.LEFT)
    run_of(tmp_path, NO_CONSENT)
    assert case_of("DQ-031").state == CaseState.LEFT


def test_what_was_mended_and_comes_back_is_open_again(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    run_of(tmp_path, {1: child(1)})
    run_of(tmp_path, NO_CONSENT)
    assert case_of("DQ-031").is_open
    assert steps_of("DQ-031") == ["GONE", "AGAIN"]


def test_the_same_check_twice_in_one_run_reopens_nothing(tmp_path):
    run = run_of(tmp_path, NO_CONSENT)
    closed(state_administrator())
    with scope.system(), connection.cursor() as cursor:
        follow(cursor, run)
    assert case_of("DQ-031").state == CaseState.EXPLAINED
    assert case_of("DQ-031").times == 1


def test_all_of_a_rule_go_to_their_district_at_once_and_its_people_are_told(tmp_path):
    run_of(tmp_path, NO_CONSENT | changed(2, "04", CONSENT_DATE=""))
    manager, state = data_manager(), state_administrator()
    with scope.of(state):
        handed = hand_over(by=state, rule="DQ-031", district=District.objects.get(code="911"))
        again = hand_over(by=state, rule="DQ-031", district=District.objects.get(code="911"))
    assert (handed, again) == (2, 0)
    assert (
        Notice.objects.get(user=manager).words == "2 findings of the rollover (DQ-031) are your district's."
    )
    assert Entry.objects.get(kind="FINDINGS_HANDED").details["findings"] == 2


def test_a_district_hands_nothing_over(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    manager = data_manager()
    with scope.of(manager), pytest.raises(NotAllowed):
        hand_over(by=manager, rule="DQ-031", district=District.objects.get(code="911"))


def test_what_was_not_handed_over_the_district_only_reads(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    with pytest.raises(NotAllowed, match="has not handed this finding"):
        closed(data_manager())


def test_the_person_it_is_given_to_is_told_and_can_close_it(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    manager, state = data_manager(), state_administrator()
    with scope.of(state):
        give(by=state, case=case_of("DQ-031"), to=manager)
    assert "is yours" in Notice.objects.get(user=manager).words
    closed(manager)
    assert steps_of("DQ-031") == ["HANDED", "GIVEN", "EXPLAINED"]


def test_it_is_given_to_people_of_its_own_district_only(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    state, other = state_administrator(), data_manager("912")
    with scope.of(state), pytest.raises(RuleBroken, match="does not work on the findings of this district"):
        give(by=state, case=case_of("DQ-031"), to=other)


def test_another_district_sees_none_of_it(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    with scope.of(data_manager("912")):
        assert not FindingCase.objects.exists()


def test_a_word_is_asked_for(tmp_path):
    run_of(tmp_path, NO_CONSENT)
    state = state_administrator()
    with scope.of(state), pytest.raises(RuleBroken, match="Say what you did"):
        close(by=state, case=case_of("DQ-031"), how=CaseState.LEFT, words="  ")


@pytest.mark.rule("RLO-14")
@pytest.mark.rule("DQ-010")
def test_a_fatal_finding_blocks_until_the_state_has_closed_it_with_a_word(tmp_path):
    run = run_of(tmp_path, SHORT_LASID)
    manager, state = data_manager(), state_administrator()
    with scope.of(state):
        assert fatal_findings_open(run).count() == 1
        give(by=state, case=case_of("DQ-010"), to=manager)
    with scope.of(manager):
        note(by=manager, case=case_of("DQ-010"), words="The state's directory has 4100000001.")
    with pytest.raises(NotAllowed, match="closed by a state administrator"):
        closed(manager, rule="DQ-010")
    closed(state, CaseState.LEFT, rule="DQ-010")
    with scope.of(state):
        assert not fatal_findings_open(run).exists()
