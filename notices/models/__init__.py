"""Notices to parents, their deliveries, and requests for records."""

from notices.models.notice import Delivery, Notice, Status
from notices.models.records_request import RecordsRequest, Way

__all__ = ["Delivery", "Notice", "RecordsRequest", "Status", "Way"]
