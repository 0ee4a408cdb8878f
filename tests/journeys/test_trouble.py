"""A service that is away: a clear sentence, nothing lost, and everything goes on when it is back."""

import re
import time
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from kombu import Connection
from playwright.sync_api import Page, expect

from edfi.rules.records import SSEPEA
from enrollment.actions.feed import send_feed, start_loading
from enrollment.models import Enrollment, FeedLoad
from enrollment.tasks import audit_every_night
from eser import embedded
from eser.celery import app as celery
from ieps.models import Iep, SectionText
from jobs.models import Job, JobState
from journal.models import Entry
from migration.models import LoadRun, RunState
from organizations.models import SchoolYear
from security import scope
from security.models import User
from tests.factories import PASSWORD
from tests.journeys.conftest import SLOWLY, sign_in_on
from tests.journeys.stack import wait_until
from tests.journeys.system import DATABASE, System

pytestmark = pytest.mark.browser
TYPED = "Reads maps well and explains them to others."
KNOWN = "The mother called: the family moves to Tegucigalpa."
AWAY = "The system is not available at the moment."
WITHIN = 20  # seconds on a busy machine


def fill_exit(page: Page, enrollment: Enrollment) -> None:
    page.goto(f"/enrollments/{enrollment.pk}/exit")
    page.get_by_label("Last day attended").fill((timezone.localdate() - timedelta(days=2)).isoformat())
    page.get_by_role("searchbox", name=re.compile("exit code", re.IGNORECASE)).fill("country")
    expect(page.locator("#code-options")).to_contain_text("“country”", timeout=SLOWLY)
    page.locator("label.usa-radio__label", has_text="1941").first.click()
    expect(page.locator("#effects")).to_contain_text("1941", timeout=SLOWLY)
    page.get_by_label("How do you know?").fill(KNOWN)


def send_exit(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Exit .* with code")).click()


def says(page: Page, words: str) -> None:
    expect(page.get_by_text(re.compile(words)).first).to_be_visible(timeout=SLOWLY)


def stands(page: Page) -> None:
    """Everything typed is in the form again."""
    expect(page.get_by_label("How do you know?")).to_have_value(KNOWN, timeout=SLOWLY)
    expect(page.locator("input[name=code][value='1941']")).to_be_checked()


def ended(system: System, enrollment: Enrollment) -> str:
    with system.seen():
        return Enrollment.objects.get(pk=enrollment.pk).exit_code


class TestDatabaseAway:
    def test_a_page_says_so_soon_and_works_again_afterwards(self, system: System, sign_in):
        page = sign_in()
        with system.without_database():
            begun = time.monotonic()
            answer = page.goto("/students/")
            assert time.monotonic() - begun < WITHIN
            assert answer.status == 503
            expect(page.get_by_role("heading", level=1)).to_have_text(AWAY)
            expect(page.get_by_role("main")).to_contain_text("Wait a minute, then reload.")
        assert page.reload().status == 200

    def test_a_draft_typed_meanwhile_is_saved_afterwards(self, system: System, sign_in):
        draft = system.draft()
        page = sign_in("mara")
        page.goto(f"/ieps/{draft.pk}/GSI/")
        field = page.locator("form[data-autosave-url] textarea").first
        with system.without_database():
            field.fill(TYPED)
            field.blur()
            expect(page.locator("[data-autosave-status]")).to_contain_text("Not saved yet", timeout=SLOWLY)
        expect(page.locator("[data-autosave-status]")).to_contain_text(re.compile("^Saved"), timeout=SLOWLY)
        with system.seen():
            assert SectionText.objects.get(iep=Iep.objects.get(pk=draft.pk)).text == TYPED

    def test_a_form_sent_meanwhile_is_there_again_with_the_back_button(self, system: System, sign_in):
        enrollment = system.enrolled()
        page = sign_in()
        fill_exit(page, enrollment)
        with system.without_database():
            send_exit(page)
            expect(page.get_by_role("heading", level=1)).to_have_text(AWAY, timeout=SLOWLY)
        page.go_back()
        stands(page)
        send_exit(page)
        says(page, "left .* with 1941")
        assert ended(system, enrollment) == "1941"

    def test_the_log_names_the_trouble_and_nobody(self, system: System):
        log = system.log()
        assert "page_failed" in log
        assert "OperationalError" in log
        for personal in ("Fontenot", TYPED, KNOWN, "Traceback"):
            assert personal not in log


class TestBrokerAway:
    def test_an_export_waits_and_is_written_when_the_queue_is_back(self, system: System, sign_in):
        page = sign_in()
        with system.without_broker():
            page.goto("/lists/students/export/ask?format=csv")
            page.get_by_label("What do you need it for?").fill("Count of October")
            page.get_by_role("button", name=re.compile("Export")).click()
            waits_for_the_queue(page)
        expect(page.get_by_role("link", name="Download the file")).to_be_visible(timeout=SLOWLY)

    def test_a_lock_is_kept_and_its_record_is_sent_later(self, system: System, sign_in):
        evaluation = system.decided("604822")
        page = sign_in()
        with system.without_broker():
            page.goto(f"/evaluations/{evaluation.pk}/")
            page.get_by_role("button", name=re.compile("Lock")).click()
            expect(page.get_by_role("heading", name=re.compile("Unlock"))).to_be_visible(timeout=SLOWLY)
            assert not system.ods.records(SSEPEA)
        wait_until(lambda: len(system.ods.records(SSEPEA)) == 1, "the state has the record")

    def test_a_rollover_waits_then_a_killed_one_goes_on_from_its_page(self, system: System, sign_in):
        page = sign_in("sidonie")
        page.goto("/rollover/")
        page.get_by_label("Extract").set_input_files(system.world.extract)
        with system.inside(), connection.cursor() as held:
            with system.without_broker():
                page.get_by_role("button", name="Start").click()
                waits_for_the_queue(page)
                hold_the_students(held)
            wait_until(partial(is_loading, system), "the children are being loaded")
            system.processes.kill("worker")
            held.execute("ROLLBACK")
        let_two_minutes_pass(system)
        page.reload()
        expect(page.get_by_text("No worker has been heard of for a while.")).to_be_visible()
        page.get_by_role("button", name="Go on").click()
        system.processes.start("worker")
        expect(page.get_by_text("every record is accounted for").first).to_be_visible(timeout=SLOWLY)
        with system.inside():
            assert LoadRun.objects.latest("pk").state == RunState.DONE


def waits_for_the_queue(page: Page) -> None:
    says(page, "begins by itself when the queue is back")


def hold_the_students(held) -> None:
    """Nobody can write a child until this transaction ends."""
    held.execute("BEGIN")
    held.execute("LOCK TABLE students_student IN SHARE ROW EXCLUSIVE MODE")


def is_loading(system: System) -> bool:
    return Job.objects.filter(kind="rollover", phase="Load").exists()


def let_two_minutes_pass(system: System) -> None:
    with system.inside():
        Job.objects.filter(state=JobState.RUNNING).update(heard_at=timezone.now() - timedelta(minutes=3))


class TestSessionOver:
    def test_what_was_sent_too_late_is_back_after_signing_in_again(self, system: System, sign_in):
        enrollment = system.enrolled()
        page = sign_in()
        fill_exit(page, enrollment)
        page.context.clear_cookies(name="eser_session")
        send_exit(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in", timeout=SLOWLY)
        assert ended(system, enrollment) == ""
        fill_in_who(page)
        stands(page)
        says(page, "Nothing of it was saved yet")
        send_exit(page)
        says(page, "left .* with 1941")

    def test_what_was_typed_until_the_clock_ran_out_is_back_too(self, system: System, sign_in):
        enrollment = system.enrolled()
        page = sign_in()
        page.clock.install()
        fill_exit(page, enrollment)
        page.context.clear_cookies(name="eser_session")
        page.clock.fast_forward("31:00")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in", timeout=SLOWLY)
        fill_in_who(page)
        stands(page)

    def test_nobody_else_gets_what_was_typed(self, system: System, sign_in):
        enrollment = system.enrolled()
        page = sign_in()
        fill_exit(page, enrollment)
        page.context.clear_cookies(name="eser_session")
        send_exit(page)
        fill_in_who(page, "omar")
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in", timeout=SLOWLY)
        assert page.evaluate("sessionStorage.getItem('eser:typed')") is None

    def test_an_expired_page_is_refused_in_words_and_back_has_the_text(self, system: System, sign_in):
        enrollment = system.enrolled()
        page = sign_in()
        fill_exit(page, enrollment)
        page.context.clear_cookies()
        sign_in_on(page.context.new_page())
        send_exit(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "This page had expired, so nothing was sent.", timeout=SLOWLY
        )
        page.go_back()
        stands(page)
        send_exit(page)
        says(page, "left .* with 1941")


class TestTwoAtOnce:
    def test_a_double_click_exits_once(self, system: System, sign_in):
        enrollment = system.enrolled()
        page = sign_in()
        fill_exit(page, enrollment)
        page.get_by_role("button", name=re.compile("^Exit .* with code")).dblclick()
        says(page, "left .* with 1941")
        with system.seen():
            assert Entry.objects.filter(kind="STUDENT_EXITED", student_id=enrollment.student_id).count() == 1

    def test_the_second_of_two_people_is_told_and_overwrites_nothing(self, system: System, sign_in):
        enrollment = system.enrolled()
        first, second = sign_in(), sign_in()
        fill_exit(first, enrollment)
        fill_exit(second, enrollment)
        second.get_by_label("Last day attended").fill((timezone.localdate() - timedelta(days=5)).isoformat())
        send_exit(first)
        says(first, "left .* with 1941")
        send_exit(second)
        says(second, "already ended on .* Nothing was changed")
        with system.seen():
            left = Enrollment.objects.get(pk=enrollment.pk)
        assert left.last_day == timezone.localdate() - timedelta(days=2)


def fill_in_who(page: Page, username: str = "dana") -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def feed_about(enrollment: Enrollment) -> FeedLoad:
    """Sent by a data manager: a line of this enrollment with another grade."""
    child, by = enrollment.student, User.objects.get(username="dana")
    line = {
        "state_student_id": child.state_student_id, "last_name": child.last_name, "sex": child.sex,
        "first_name": child.first_name, "birth_date": child.birth_date, "grade": "04",
        "school_code": enrollment.site.code, "entry_code": "1880", "entry_date": enrollment.first_day,
    }  # fmt: skip
    text = "\r\n".join((",".join(line), ",".join(map(str, line.values())), ""))
    with scope.of(by):
        year = SchoolYear.objects.get(state=enrollment.district.state)
        file = ContentFile(text.encode(), name="nightly.csv")
        return send_feed(by=by, district=enrollment.district, year=year, file=file)


def done_by_worker(system: System, job_id: int) -> Job:
    """Handed over to the queue of that system, where the job of this one's queue is never seen."""
    job = Job.objects.get(pk=job_id)
    with Connection(embedded.addresses(system.home).broker_url) as queue:
        celery.send_task(job.task, [job.pk], queue=DATABASE, connection=queue)
    wait_until(lambda: Job.objects.get(pk=job_id).is_over, f"job {job_id} is over")
    return Job.objects.get(pk=job_id)


class TestWorkOfTheNight:
    def test_a_worker_looks_through_a_feed_loads_it_and_audits_all(self, system: System, settings):
        enrollment = system.enrolled()
        settings.MEDIA_ROOT = system.folder / "media"
        with system.inside():
            sent = feed_about(enrollment)
            looked_through = done_by_worker(system, sent.job_id)
            with scope.of(User.objects.get(pk=sent.by_id)):
                loading = start_loading(by=User.objects.get(pk=sent.by_id), load=sent)
            loaded = done_by_worker(system, loading.job_id)
            audited = done_by_worker(system, audit_every_night())
        assert "checked, nothing loaded yet" in looked_through.sentence
        assert loaded.sentence == "The feed is loaded."
        assert (audited.state, audited.link) == (JobState.DONE, "/enrollments/findings/")
        with system.seen():
            assert Enrollment.objects.get(pk=enrollment.pk).grade == "04"
