"""Notices to parents and requests for records."""

from datetime import date

from notices.models import Notice, RecordsRequest

from .arranging import Arranged


class NoticeFactory(Arranged):
    """A draft of a prior written notice."""

    class Meta:
        model = Notice

    kind = "PWN"


class RecordsRequestFactory(Arranged):
    class Meta:
        model = RecordsRequest

    asked_by = "Corinne Fontenot"
    asked_on = date(2026, 9, 1)
    what = "The whole record"
