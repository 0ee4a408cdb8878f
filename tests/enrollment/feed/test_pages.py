"""Sending a feed, reading its dry run, deciding, taking back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from enrollment.actions.feed import check_feed, load_feed
from enrollment.actions.feed_undo import undo_feed
from enrollment.models import FeedLoad, FeedState
from enrollment.rules.feed import columns
from jobs.models import Job
from security import scope
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(dc, year, browse):
    return browse(dc.registrar)


def text_of(response):
    return response.content.decode()


def send(client, content):
    return client.post("/feeds/", {"file": SimpleUploadedFile("feed.csv", content, "text/csv")})


def the_load():
    with scope.system():
        return FeedLoad.objects.select_related("district__state", "school_year").latest("pk")


def test_a_feed_is_sent_looked_through_decided_and_taken_back(registrar, feed):
    answer = send(registrar, feed({}, {"state_student_id": "4100000002", "sex": "Q"}))
    sent = the_load()
    assert answer.url == f"/feeds/{sent.pk}"
    assert Job.objects.get(pk=sent.job_id).task == "enrollment.tasks.check_feed"
    check_feed(sent)
    Job.objects.update(state="DONE")
    page = text_of(registrar.get(f"/feeds/{sent.pk}"))
    assert "What this feed would do" in page
    assert "sex is F, M or X." in page
    refused = text_of(registrar.get(f"/feeds/{sent.pk}", {"does": "refused"}))
    assert "4100000002" in refused
    assert "4100000001" not in refused
    registrar.post(f"/feeds/{sent.pk}/load", {})
    assert Job.objects.get(pk=the_load().job_id).task == "enrollment.tasks.load_feed"
    load_feed(the_load())
    Job.objects.update(state="DONE")
    assert "What this feed did" in text_of(registrar.get(f"/feeds/{sent.pk}"))
    registrar.post(f"/feeds/{sent.pk}/undo", {})
    undo_feed(the_load())
    assert "Taken back on" in text_of(registrar.get(f"/feeds/{sent.pk}"))


def test_refusing_needs_a_reason(registrar, feed):
    send(registrar, feed({}))
    check_feed(the_load())
    page = text_of(registrar.post(f"/feeds/{the_load().pk}/refuse", {}, follow=True))
    assert "Say why it is not loaded" in page
    registrar.post(f"/feeds/{the_load().pk}/refuse", {"reason": "Wrong year"})
    assert the_load().state == FeedState.REFUSED
    assert "Wrong year" in text_of(registrar.get(f"/feeds/{the_load().pk}"))


def test_whoever_reads_the_rows_of_known_children_leaves_a_line(dc, registrar, enrolled, feed):
    child = enrolled(state_student_id="4100000001").student
    send(registrar, feed({"grade": "07", "first_attended": ""}))
    check_feed(the_load())
    registrar.get(f"/feeds/{the_load().pk}")
    with scope.system():
        assert AccessRecord.objects.filter(student_id=child.pk, what="feed").exists()


def test_a_feed_of_another_district_is_not_there(dc, year, browse, registrar, feed):
    send(registrar, feed({}))
    stranger = browse(make.UserFactory(role=Role.REGISTRAR, role__district=dc.theirs))
    for address in ("", "/load", "/refuse", "/undo"):
        ask = stranger.post if address else stranger.get
        assert ask(f"/feeds/{the_load().pk}{address}").status_code == 404


def test_the_data_dictionary_names_every_column_and_the_sample_has_them(registrar):
    page = text_of(registrar.get("/feeds/layout"))
    assert [name for name in (*columns(), "metadata.entryCode", "birthDate") if name not in page] == []
    assert text_of(registrar.get("/feeds/sample")).splitlines()[0] == ",".join(columns())


def test_a_refused_file_says_why_beside_the_field(registrar):
    page = text_of(send(registrar, b"%PDF-1.7"))
    assert "something else" in page


def test_before_the_first_feed_the_list_says_what_to_do(registrar):
    assert "No feed was sent yet." in text_of(registrar.get("/feeds/"))
