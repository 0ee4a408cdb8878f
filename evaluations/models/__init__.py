"""The evaluation, what it is made of and what it found, a longer time for it, and what was locked."""

from evaluations.models.component import Component
from evaluations.models.evaluation import Evaluation, Exceptionality
from evaluations.models.extension import Extension
from evaluations.models.locked_report import LockedReport
from evaluations.models.report_copy import ReportCopy
from evaluations.models.report_text import ReportText
from evaluations.models.team_member import TeamMember
from evaluations.models.waiver import Waiver

__all__ = [
    "Component",
    "Evaluation",
    "Exceptionality",
    "Extension",
    "LockedReport",
    "ReportCopy",
    "ReportText",
    "TeamMember",
    "Waiver",
]
