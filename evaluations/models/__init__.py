"""The evaluation, the exceptionalities found, a longer time for it, and what was locked."""

from evaluations.models.evaluation import Evaluation, Exceptionality
from evaluations.models.extension import Extension
from evaluations.models.locked_report import LockedReport

__all__ = ["Evaluation", "Exceptionality", "Extension", "LockedReport"]
