"""IEPs over the API: the same verbs and sentences as the pages."""

from ieps.api.ieps import IepViewSet

__all__ = ["IepViewSet"]
