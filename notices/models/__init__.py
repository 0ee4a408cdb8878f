"""Notices to parents, their deliveries, requests for records, consent to services."""

from notices.models.notice import Delivery, Notice, Status
from notices.models.records_request import RecordsRequest, Way
from notices.models.services_consent import ServicesConsent

__all__ = ["Delivery", "Notice", "RecordsRequest", "ServicesConsent", "Status", "Way"]
