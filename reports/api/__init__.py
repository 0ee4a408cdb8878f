"""Reports over the API: read only, in the scope and under the rules of the pages."""

from reports.api.counts import CountViewSet
from reports.api.figures import FigureViewSet
from reports.api.indicators import DisproportionalityViewSet, IndicatorViewSet
from reports.api.lists import ReportViewSet

__all__ = [
    "CountViewSet",
    "DisproportionalityViewSet",
    "FigureViewSet",
    "IndicatorViewSet",
    "ReportViewSet",
]
