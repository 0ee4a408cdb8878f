"""The stand-in behaves like the Ed-Fi API that the sources describe."""

from collections.abc import Iterator

import pytest

from . import official
from .caller import SCHOOL, STUDENT, Caller, eligibility, responsibility
from .ods import Ods, enrollment_of, running
from .resources import PROGRAMS, SEORA, SSA, SSEPEA, STUDENTS

NOWHERE = {"educationOrganizationId": 1}


@pytest.fixture
def ods() -> Iterator[Ods]:
    with running() as standin:
        yield standin


@pytest.fixture
def caller(ods: Ods) -> Caller:
    caller = Caller(ods)
    caller.sign_in()
    return caller


@pytest.mark.rule("EDFI-B1")
def test_discovery_needs_no_token_and_names_every_address(ods: Ods) -> None:
    answer = Caller(ods).send("GET", "")

    assert answer.body["version"] == "7.3"
    assert set(answer.body["urls"]) >= {"oauth", "dataManagementApi", "dependencies"}


@pytest.mark.rule("EDFI-B2")
@pytest.mark.parametrize(
    ("secret", "grant", "status", "error"),
    [
        ("district-secret", "client_credentials", 200, None),
        ("wrong", "client_credentials", 401, "invalid_client"),
        ("district-secret", "password", 400, "unsupported_grant_type"),
    ],
)
def test_a_token_is_given_for_the_right_key_only(ods: Ods, secret, grant, status, error) -> None:
    answer = Caller(ods).sign_in(secret, grant)

    assert (answer.status, answer.body.get("error")) == (status, error)


@pytest.mark.rule("EDFI-B3")
def test_the_sixteenth_live_token_is_refused(caller: Caller) -> None:
    statuses = [caller.sign_in().status for _ in range(15)]

    assert statuses == [200] * 14 + [429]


@pytest.mark.rule("EDFI-B3")
def test_expired_tokens_do_not_count_against_the_limit() -> None:
    now = 0.0
    with running(Ods(clock=lambda: now)) as ods:
        caller = Caller(ods)
        first = [caller.sign_in().status for _ in range(16)]
        now = 1801.0

        assert first[-1] == 429
        assert caller.on("GET", SSEPEA).status == 401
        assert caller.sign_in().status == 200


@pytest.mark.rule("EDFI-B4")
@pytest.mark.parametrize("token", ["", "made-up"])
def test_without_a_live_token_nothing_is_answered(ods: Ods, token: str) -> None:
    answer = Caller(ods, token).on("GET", SSEPEA)

    assert answer.status == 401
    assert answer.body["type"] == "urn:ed-fi:api:security:authentication"


@pytest.mark.rule("EDFI-B5")
def test_post_creates_then_updates_by_natural_key(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)

    created = caller.on("POST", SSEPEA, eligibility())
    updated = caller.on("POST", SSEPEA, eligibility(ideaIndicator=False))

    assert (created.status, updated.status) == (201, 200)
    assert created.headers["Location"] == updated.headers["Location"]
    assert len(created.headers["Location"].rpartition("/")[2]) == 32
    assert created.headers["ETag"].startswith('"')
    assert (created.body, updated.body) == (None, None)
    assert "Content-Type" not in created.headers
    assert ods.records(SSEPEA) == [eligibility(ideaIndicator=False)]


@pytest.mark.rule("EDFI-B5")
def test_a_client_cannot_choose_the_id(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)

    answer = caller.on("POST", SSEPEA, eligibility(id="a" * 32))

    assert answer.status == 400
    assert "cannot be assigned by the client" in answer.body["errors"][0]


@pytest.mark.rule("EDFI-B6")
def test_an_identical_post_changes_nothing(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    first, second = (caller.on("POST", SSEPEA, eligibility()) for _ in range(2))

    assert second.status == 200
    assert first.headers["ETag"] == second.headers["ETag"]


@pytest.mark.rule("EDFI-B7")
def test_put_replaces_and_never_creates(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    place = caller.on("POST", SSEPEA, eligibility()).headers["Location"]

    replaced = caller.send("PUT", place, eligibility(ideaIndicator=False))
    unknown = caller.on("PUT", f"{SSEPEA}/{'0' * 32}", eligibility())

    assert (replaced.status, unknown.status) == (204, 404)
    assert ods.records(SSEPEA) == [eligibility(ideaIndicator=False)]


@pytest.mark.rule("EDFI-B8")
def test_the_key_of_an_eligibility_record_cannot_be_changed(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    place = caller.on("POST", SSEPEA, eligibility()).headers["Location"]

    answer = caller.send("PUT", place, eligibility(consentToEvaluationReceivedDate="2025-09-16"))

    assert answer.status == 400
    assert answer.body["type"].endswith("key-change-not-supported")


@pytest.mark.rule("EDFI-B8")
def test_an_enrollment_can_move_but_not_onto_another(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    other = enrollment_of(STUDENT, 19013)
    place = caller.on("POST", SSA, other).headers["Location"]

    moved = caller.send("PUT", place, {**other, "entryDate": "2025-10-01"})
    clash = caller.send("PUT", place, enrollment_of(STUDENT, SCHOOL))

    assert moved.status == 204
    assert (clash.status, clash.body["type"]) == (409, "urn:ed-fi:api:data-conflict:non-unique-identity")


@pytest.mark.rule("EDFI-B9")
def test_delete_answers_204_then_404_and_405_without_an_id(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    place = caller.on("POST", SSEPEA, eligibility()).headers["Location"]

    statuses = [caller.send("DELETE", place).status for _ in range(2)] + [caller.on("DELETE", SSEPEA).status]

    assert statuses == [204, 404, 405]


@pytest.mark.rule("EDFI-B9")
def test_what_others_point_at_is_not_deleted(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    student = caller.on("GET", f"{STUDENTS}?studentUniqueId={STUDENT}").body[0]

    answer = caller.on("DELETE", f"{STUDENTS}/{student['id']}")

    assert (answer.status, answer.body["type"]) == (409, "urn:ed-fi:api:data-conflict:dependent-item-exists")


@pytest.mark.rule("EDFI-B10")
@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("Student", responsibility()),
        (
            "EducationOrganization",
            responsibility(educationOrganizationReference={"educationOrganizationId": 1}),
        ),
    ],
)
def test_a_missing_reference_is_named(ods: Ods, caller: Caller, name: str, payload: dict) -> None:
    if name != "Student":
        ods.add_student(STUDENT)

    answer = caller.on("POST", SEORA, payload)

    assert (answer.status, answer.body["type"]) == (409, "urn:ed-fi:api:data-conflict:unresolved-reference")
    assert answer.body["detail"] == f"The referenced '{name}' item does not exist."


@pytest.mark.rule("EDFI-B11")
def test_an_unknown_descriptor_is_a_validation_error(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)

    answer = caller.on(
        "POST", SSEPEA, eligibility(ideaPartDescriptor="uri://dpi.wi.gov/IDEAPartDescriptor#Z")
    )

    assert answer.status == 400
    assert "#Z' does not exist" in answer.body["validationErrors"]["$.ideaPartDescriptor"][0]


@pytest.mark.rule("EDFI-B12")
def test_every_bad_field_is_named_at_once(caller: Caller) -> None:
    payload = eligibility(ideaIndicator="yes", evaluationLateReason="x" * 256)
    del payload["consentToEvaluationReceivedDate"]

    answer = caller.on("POST", SSEPEA, payload)

    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert set(answer.body["validationErrors"]) == {
        "$.ideaIndicator",
        "$.evaluationLateReason",
        "$.consentToEvaluationReceivedDate",
    }


@pytest.mark.rule("EDFI-B12")
def test_an_older_api_answers_with_a_bare_message(ods: Ods, caller: Caller) -> None:
    ods.old_errors = True

    answer = caller.on("POST", SEORA, responsibility())

    assert answer.body == {"message": "The value supplied for the related 'Student' resource does not exist."}


@pytest.mark.rule("EDFI-B15")
def test_a_stale_version_is_refused_for_every_write(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    created = caller.on("POST", SSEPEA, eligibility())
    place, old = created.headers["Location"], created.headers["ETag"]
    caller.on("POST", SSEPEA, eligibility(ideaIndicator=False))

    answers = [
        caller.on("POST", SSEPEA, eligibility(), If_Match=old),
        caller.send("PUT", place, eligibility(), If_Match=old),
        caller.send("DELETE", place, If_Match=old),
    ]

    assert [answer.status for answer in answers] == [412] * 3
    assert ods.records(SSEPEA) == [eligibility(ideaIndicator=False)]


@pytest.mark.rule("EDFI-B15")
def test_an_unchanged_item_is_not_read_twice(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    created = caller.on("POST", SSEPEA, eligibility())

    assert (
        caller.send("GET", created.headers["Location"], If_None_Match=created.headers["ETag"]).status == 304
    )


@pytest.mark.rule("EDFI-B16")
def test_pages_and_the_total_are_given_on_request(ods: Ods, caller: Caller) -> None:
    for number in range(30):
        ods.add_student(str(number))

    page = caller.on("GET", f"{STUDENTS}?offset=25&totalCount=true")

    assert (len(page.body), page.headers["Total-Count"]) == (5, "30")
    assert caller.on("GET", f"{STUDENTS}?limit=501").status == 400


def test_records_are_found_by_student_and_consent_date(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    caller.on("POST", SSEPEA, eligibility())
    query = f"studentUniqueId={STUDENT}&consentToEvaluationReceivedDate=2025-09-15"

    assert len(caller.on("GET", f"{SSEPEA}?{query}").body) == 1
    assert len(caller.on("GET", f"{SSEPEA}?{query}&educationOrganizationId={SCHOOL}").body) == 1
    assert caller.on("GET", f"{SSEPEA}?{query}&educationOrganizationId=48856").body == []


@pytest.mark.rule("EDFI-B22")
@pytest.mark.parametrize("relation", ["enrollment", "responsibility"])
def test_either_relation_opens_the_eligibility_record(ods: Ods, caller: Caller, relation: str) -> None:
    ods.add_student(STUDENT, SCHOOL if relation == "enrollment" else None)
    if relation == "responsibility":
        caller.on("POST", SEORA, responsibility())

    assert caller.on("POST", SSEPEA, eligibility()).status == 201


@pytest.mark.rule("EDFI-B23")
def test_without_a_relation_it_cannot_even_be_deleted(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT)
    relation = caller.on("POST", SEORA, responsibility()).headers["Location"]
    place = caller.on("POST", SSEPEA, eligibility()).headers["Location"]
    caller.send("DELETE", relation)

    answers = [
        caller.on("POST", SSEPEA, eligibility()),
        caller.send("PUT", place, eligibility()),
        caller.send("DELETE", place),
    ]

    assert [answer.status for answer in answers] == [403] * 3
    assert "StudentEducationOrganizationResponsibilityAssociation" in answers[0].body["errors"][1]


def test_requested_trouble_happens_as_often_as_asked(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    ods.fail_next(2, 503, retry_after="7")

    answers = [caller.on("POST", SSEPEA, eligibility()) for _ in range(3)]

    assert [answer.status for answer in answers] == [503, 503, 201]
    assert answers[0].headers["Retry-After"] == "7"


def test_a_lost_answer_leaves_the_record_and_a_broken_connection_does_not(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)
    ods.drop_next()
    with pytest.raises(OSError):
        caller.on("POST", SSEPEA, eligibility())
    dropped = ods.records(SSEPEA)
    ods.lose_answer_of_next()
    with pytest.raises(OSError):
        caller.on("POST", SSEPEA, eligibility())

    assert (dropped, ods.records(SSEPEA)) == ([], [eligibility()])


def test_each_year_is_an_ods_of_its_own(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL, year=2026)

    answer = caller.send("POST", f"2026/data/v3/ed-fi/{SSEPEA}", eligibility())

    assert answer.status == 201
    assert (len(ods.records(SSEPEA, year=2026)), ods.records(SSEPEA)) == (1, [])
    assert len(ods.records(PROGRAMS, year=2026)) == 1


@pytest.mark.rule("EDFI-B14")
def test_an_unknown_field_is_ignored_and_a_boolean_may_be_text(ods: Ods, caller: Caller) -> None:
    ods.add_student(STUDENT, SCHOOL)

    answer = caller.on("POST", SSEPEA, eligibility(ideaIndicator="true", colour="blue"))

    assert answer.status == 201
    assert ods.records(SSEPEA) == [eligibility()]
    assert len(ods.unofficial) == (2 if official.IS_THERE else 0)
    ods.unofficial.clear()  # otherwise it would end this test as it ends every other


@pytest.mark.rule("EDFI-B17")
def test_a_page_by_offset_skips_a_row_when_one_before_it_is_deleted_meanwhile(
    ods: Ods, caller: Caller
) -> None:
    ods.add_student(STUDENT)
    days = [f"2025-09-{day:02}" for day in (15, 16, 17, 18)]
    first, *_ = (caller.on("POST", SEORA, responsibility(beginDate=day)).headers["Location"] for day in days)

    seen = caller.on("GET", f"{SEORA}?limit=2").body
    caller.send("DELETE", first)
    seen += caller.on("GET", f"{SEORA}?limit=2&offset=2").body

    assert [row["beginDate"] for row in seen] == ["2025-09-15", "2025-09-16", "2025-09-18"]


@pytest.mark.rule("EDFI-B18")
def test_page_tokens_and_offsets_are_not_mixed_and_parts_cover_everything(ods: Ods, caller: Caller) -> None:
    for day in range(1, 29):
        ods.store().put(SEORA, responsibility(beginDate=f"2025-09-{day:02}"))

    mixed = caller.on("GET", f"{SEORA}?pageToken=0-&offset=2")
    tokens = caller.on("GET", f"{SEORA}/partitions?number=2").body["pageTokens"]
    parts = [caller.on("GET", f"{SEORA}?pageToken={token}&pageSize=500").body for token in tokens]

    assert mixed.status == 400
    assert sum(map(len, parts)) == 28
