"""How often a person, and each of their tokens, may ask the API (ESER_API_RATE_…)."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class PerPerson(SimpleRateThrottle):
    scope = "person"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"throttle-person-{request.user.pk}" if request.user.is_authenticated else None


class PerToken(SimpleRateThrottle):
    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"throttle-token-{request.auth.pk}" if request.auth else None
