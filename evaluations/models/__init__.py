"""The evaluation, from referral to determination, and the exceptionalities found."""

from evaluations.models.evaluation import Evaluation, Exceptionality

__all__ = ["Evaluation", "Exceptionality"]
