"""Closed records older than the cut: packed, found as stubs, asked for, opened by another, and read."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from migration.actions import (
    approve_archive_request,
    ask_for_archive,
    read_archive,
    refuse_archive_request,
)
from migration.archive.pack import Packed, packed, together, unpacked
from migration.models import ArchivedRecord, ArchivedStudent, ArchiveRequest, ArchiveVisit
from migration.sample import child, staff, write_extract, write_sample
from organizations.models import District
from security import scope
from security.models import AccessRecord, SupportGrant
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from students.models import Student
from tests.factories import UserFactory
from tests.migration.conftest import places, run_over

pytestmark = pytest.mark.django_db
WHY = "The parents ask for the evaluation of 2012."


def of(code: str, role: Role = Role.DATA_MANAGER):
    return UserFactory(role=role, role__district=District.objects.get(code=code))


@pytest.fixture
def run(tmp_path):
    write_sample(tmp_path)
    return run_over(tmp_path / "legser.dat", places(tmp_path))


@pytest.fixture
def past(run) -> ArchivedStudent:
    """The child whose every record is older than the cut; the last district is 911."""
    with scope.system():
        return ArchivedStudent.objects.select_related("district").get(whole=True)


@pytest.fixture
def partly(tmp_path) -> ArchivedStudent:
    """A child with an evaluation of 2012 that is archived, and live records."""
    records = child(1)
    older = {
        **records["04"],
        **dict.fromkeys(("REFERRAL_DATE", "CONSENT_DATE"), "01092012"),
        **dict.fromkeys(("COMPLETE_DATE", "DISSEMINATION_DATE"), "03082012"),
        "EVAL_KEY": "000019999",
    }
    write_sample(tmp_path)
    extract = write_extract([*records.items(), ("04", older), staff()])
    (tmp_path / "legser.dat").write_bytes(extract)
    run_over(tmp_path / "legser.dat", places(tmp_path))
    with scope.system():
        return ArchivedStudent.objects.get()


def asked_by(person, past) -> ArchiveRequest:
    with scope.of(person):
        return ask_for_archive(by=person, child=past, purpose=WHY)


def approved(person, past) -> ArchiveRequest:
    asked, supervisor = asked_by(person, past), of("911", Role.SPED_SUPERVISOR)
    with scope.of(supervisor):
        return approve_archive_request(by=supervisor, asked=asked)


@pytest.mark.rule("RLO-12")
def test_a_child_without_newer_records_is_packed_whole(past):
    types = {record.record_type: record for record in unpacked(past.pack)}
    assert set(types) >= {"01", "02", "03", "04", "05", "06", "07", "08", "09"}
    assert types["01"].data["last_name"] == past.last_name
    assert "ssn_or_temp_id" not in types["01"].data
    assert types["04"].data["consent_date"] == "2012-01-09"
    with scope.system():
        assert past.records == len(unpacked(past.pack)) == ArchivedRecord.objects.count()


@pytest.mark.rule("RLO-09")
def test_old_records_of_a_live_child_are_packed_and_its_page_says_so(partly, browse):
    assert [record.key for record in unpacked(partly.pack)] == ["000019999"]
    assert not partly.whole
    live = live_of(partly)
    page = browse(of("911")).get(reverse("caseload:student", args=[live])).content.decode()
    assert "Archived records exist" in page
    assert reverse("migration:archived", args=[partly.pk]) in page


def test_a_pack_is_smaller_than_its_text_and_is_always_the_same():
    rows = [Packed("09", str(n), {"text": "Reads maps of the bayou. " * 9, "line": ""}) for n in range(40)]
    pack = packed(rows)
    assert pack == packed(reversed(rows))
    assert len(pack) < sum(len(str(row.data)) for row in rows) / 5
    assert "line" not in unpacked(pack)[0].data


def test_a_later_extract_renews_a_record_and_loses_none():
    old = [Packed("04", "1", {"outcome": "ELIG"}), Packed("04", "2", {"outcome": "ELIG"})]
    new = [Packed("04", "1", {"outcome": "NOT"})]
    assert {row.key: row.data["outcome"] for row in together(old, new)} == {"1": "NOT", "2": "ELIG"}


def test_the_same_extract_again_writes_no_pack(run, past, tmp_path):
    with scope.system(), connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM ser_rollover_archivedstudent")
        before = cursor.fetchall()
    run_over(tmp_path / "legser.dat", places(tmp_path))
    with scope.system(), connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM ser_rollover_archivedstudent")
        assert cursor.fetchall() == before


@pytest.mark.rule("RLO-12")
def test_the_stub_is_found_by_name_and_number_in_its_last_district_alone(past, browse):
    for words in (past.last_name.lower(), f"{past.first_name} {past.last_name}", past.state_student_id):
        page = browse(of("911")).get(reverse("students:search"), {"q": words}).content.decode()
        assert reverse("migration:archived", args=[past.pk]) in page, words
        assert "archived" in page
        other = browse(of("912")).get(reverse("students:search"), {"q": words}).content.decode()
        assert reverse("migration:archived", args=[past.pk]) not in other


@pytest.mark.rule("RLO-12")
def test_who_may_not_ask_for_archived_records_finds_no_stub(past, browse):
    page = browse(of("911", Role.SECURITY_COORDINATOR)).get(reverse("students:search"), {"q": past.last_name})
    assert reverse("migration:archived", args=[past.pk]) not in page.content.decode()


@pytest.mark.rule("RLO-13")
def test_a_request_is_approved_by_another_and_read_for_30_days_with_each_look_noted(past):
    person = of("911")
    asked = approved(person, past)
    assert (asked.ends_at - asked.decided_at) == timedelta(days=30)
    with scope.of(person):
        records = read_archive(by=person, asked=asked, what="archived records")
        assert {record.record_type for record in records} >= {"01", "04", "08"}
        assert [visit.by for visit in asked.visits.all()] == [person]
        assert person.notices.filter(words__contains="30 days").exists()
    kinds = list(Entry.objects.filter(kind__startswith="ARCHIVE").values_list("kind", flat=True))
    assert sorted(kinds) == ["ARCHIVE_APPROVED", "ARCHIVE_ASKED"]


@pytest.mark.rule("RLO-13")
def test_after_30_days_it_is_over(past):
    person = of("911")
    asked = approved(person, past)
    then = timezone.now() - timedelta(days=31)
    with scope.system():
        ArchiveRequest.objects.update(decided_at=then, ends_at=then + timedelta(days=30))
        asked.refresh_from_db()
    with scope.of(person), pytest.raises(NotAllowed, match="the request is over"):
        read_archive(by=person, asked=asked, what="archived records")
    assert ask_again_works(person, past)


def ask_again_works(person, past) -> bool:
    return asked_by(person, past).state == "waiting"


def test_nobody_decides_about_the_own_request(past):
    supervisor = of("911", Role.SPED_SUPERVISOR)
    asked = asked_by(supervisor, past)
    with scope.of(supervisor), pytest.raises(NotAllowed, match="somebody else decides"):
        approve_archive_request(by=supervisor, asked=asked)
    with scope.system(), transaction.atomic(), pytest.raises(IntegrityError):
        ArchiveRequest.objects.filter(pk=asked.pk).update(decided_by=supervisor)


def test_a_refusal_has_a_reason_and_the_state_may_decide_too(past):
    asked, state = asked_by(of("911"), past), UserFactory(role=Role.SEA_ADMINISTRATOR)
    with scope.of(state):
        with pytest.raises(RuleBroken, match="why it is refused"):
            refuse_archive_request(by=state, asked=asked, answer=" ")
        assert refuse_archive_request(by=state, asked=asked, answer="Not the parent.").state == "refused"
        with pytest.raises(RuleBroken, match="decided already"):
            approve_archive_request(by=state, asked=asked)


def test_a_request_has_a_purpose_and_is_made_once(past):
    person = of("911")
    with scope.of(person), pytest.raises(RuleBroken, match="what you need"):
        ask_for_archive(by=person, child=past, purpose="  ")
    asked_by(person, past)
    with pytest.raises(RuleBroken, match="already"):
        asked_by(person, past)


def test_only_who_asked_reads(past):
    asked, other = approved(of("911"), past), of("911", Role.SPED_SUPERVISOR)
    with scope.of(other), pytest.raises(NotAllowed, match="Only the person who asked"):
        read_archive(by=other, asked=asked, what="archived records")


def test_another_district_gets_404_and_support_nothing(past, browse):
    asked = approved(of("911"), past)
    support = UserFactory(role=Role.SUPPORT)
    let_in(support, past.district)
    for person in (of("912"), of("912", Role.SPED_SUPERVISOR), support):
        client = browse(person)
        assert statuses(client, past, asked) == {404}
        assert past.last_name not in client.get(
            reverse("migration:archive"), {"q": past.last_name}
        ).content.decode().replace(f'value="{past.last_name}"', "")


def let_in(support, district) -> None:
    now = timezone.now()
    SupportGrant.objects.create(
        user=support, district=district, reason="Looks", hours=2, approved_by=of("911"), approved_at=now,
        ends_at=now + timedelta(hours=2),
    )  # fmt: skip


def statuses(client: Client, past, asked) -> set[int]:
    about_child = ("archived", "archive_visits")
    about_request = ("archive_request", "archive_records", "print_archive")
    return {
        *(client.get(reverse(f"migration:{name}", args=[past.pk])).status_code for name in about_child),
        *(client.get(reverse(f"migration:{name}", args=[asked.pk])).status_code for name in about_request),
        client.post(reverse("migration:archive_request", args=[asked.pk]), {"deed": "approve"}).status_code,
        client.post(reverse("migration:archived", args=[past.pk]), {"purpose": WHY}).status_code,
    }


def test_row_level_security_hides_packs_requests_and_looks_from_another_district(past):
    person = of("911")
    asked = approved(person, past)
    with scope.of(person):
        read_archive(by=person, asked=asked, what="archived records")
        assert ArchivedStudent.objects.exists()
        assert ArchiveRequest.objects.exists()
        assert ArchiveVisit.objects.exists()
    for there in (of("912"), None):
        with scope.of(there) if there else transaction.atomic():
            assert not ArchivedStudent.objects.exists()
            assert not ArchiveRequest.objects.exists()
            assert not ArchiveVisit.objects.exists()


def test_a_look_at_a_live_childs_archive_stands_in_its_record_of_access(partly):
    person = of("911")
    asked = approved(person, partly)
    with scope.of(person):
        read_archive(by=person, asked=asked, what="archived records")
        line = AccessRecord.objects.get(student_id=live_of(partly), what="archived records")
    assert (line.user, line.purpose) == (person, WHY)


def test_a_look_is_append_only(past):
    person = of("911")
    asked = approved(person, past)
    with scope.of(person):
        read_archive(by=person, asked=asked, what="archived records")
        with pytest.raises(ProgrammingError), transaction.atomic():
            ArchiveVisit.objects.all().delete()


def test_the_pages_from_the_search_to_the_printed_records(past, browse):
    person, supervisor = of("911"), of("911", Role.SPED_SUPERVISOR)
    client = browse(person)
    stub = client.get(reverse("migration:archived", args=[past.pk])).content.decode()
    assert "Ask for the records" in stub
    assert "2012" not in stub.replace("of 2012", "")  # nothing of what the records say
    nothing_said = client.post(reverse("migration:archived", args=[past.pk]), {"purpose": ""})
    assert nothing_said.status_code == 400
    client.post(reverse("migration:archived", args=[past.pk]), {"purpose": WHY})
    asked = request_for(past)
    decides = browse(supervisor)
    assert past.last_name in decides.get(reverse("migration:archive")).content.decode()
    decides.post(reverse("migration:archive_request", args=[asked.pk]), {"deed": "approve"})
    read = client.get(reverse("migration:archive_records", args=[asked.pk])).content.decode()
    assert "Jan 9, 2012" in read
    assert "Initial" in read
    assert client.get(reverse("migration:print_archive", args=[asked.pk])).content.startswith(b"%PDF")
    visits = decides.get(reverse("migration:archive_visits", args=[past.pk])).content.decode()
    assert "archived records, printed" in visits
    assert WHY in visits
    assert client.get(reverse("migration:archive_visits", args=[past.pk])).status_code == 403


def request_for(past) -> ArchiveRequest:
    with scope.system():
        return ArchiveRequest.objects.get(archive=past)


def live_of(partly) -> int:
    with scope.system():
        return Student.objects.get(legacy_key=partly.student_key).pk
