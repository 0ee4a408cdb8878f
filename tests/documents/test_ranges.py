"""A download that broke off goes on where it was, of the same file only."""

import pytest
from django.core.files.base import ContentFile

from documents import actions
from documents.ranges import NoSuchPart, part_asked_for
from security.rules.roles import Role
from tests import factories as make

CONTENT = b"last name,grade\n" * 100
ETAG, MODIFIED = '"abc"', "Mon, 23 Nov 2026 01:00:00 GMT"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("header", "bytes_"),
    [
        ("bytes=0-99", (0, 99)),
        ("bytes=400-", (400, 999)),
        ("bytes=990-2000", (990, 999)),
        ("bytes=-10", (990, 999)),
        ("bytes=-2000", (0, 999)),
        ("bytes=999-999", (999, 999)),
        ("", None),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=-", None),
        ("bytes=²-3", None),
    ],
)
def test_the_part_is_the_one_that_was_asked_for(header, bytes_):
    part = part_asked_for(header, "", 1_000, ETAG, MODIFIED)
    assert (part and (part.first, part.last)) == bytes_


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_what_lies_behind_the_end_is_no_part(header):
    with pytest.raises(NoSuchPart):
        part_asked_for(header, "", 1_000, ETAG, MODIFIED)


@pytest.mark.parametrize(("condition", "goes_on"), [("", 1), (ETAG, 1), (MODIFIED, 1), ('"other"', 0)])
def test_another_file_is_given_whole(condition, goes_on):
    assert bool(part_asked_for("bytes=5-", condition, 1_000, ETAG, MODIFIED)) == bool(goes_on)


@pytest.mark.django_db
def test_a_download_that_broke_off_is_made_whole(browse):
    me = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=make.DistrictFactory())
    document = actions.store(ContentFile(CONTENT, name="list.csv"), "export", me.pk)
    client, address = browse(me), f"/documents/{document.pk}/"

    whole = client.get(address)
    had = b"".join(whole.streaming_content)[:700]
    rest = client.get(address, headers={"Range": "bytes=700-", "If-Range": whole["ETag"]})

    assert rest.status_code == 206
    assert rest["Content-Range"] == f"bytes 700-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert had + b"".join(rest.streaming_content) == CONTENT
    assert rest["Content-Disposition"] == whole["Content-Disposition"]
    behind = client.get(address, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert (behind.status_code, behind["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")
