"""The eligibility meeting: when the team met, who belonged to it, and whether each agreed."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from evaluations import access
from evaluations.actions.hold import hold, keep, refuse_before, refuse_future, refuse_when_withdrawn
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation, TeamMember
from evaluations.rules.parts import team_part
from organizations.rules.calendar import in_words
from security.models import User
from security.refusals import RuleBroken


@dataclass(frozen=True)
class Member:
    """`part` of rules/team_parts.csv; `agrees` and `signed_on` are empty until the member has said."""

    name: str
    part: str
    agrees: bool | None = None
    statement: str = ""
    signed_on: date | None = None


@transaction.atomic
def record_meeting(*, by: User, evaluation: Evaluation, on: date, seen: int | None = None) -> Evaluation:
    """The team met about eligibility. Authority: 34 CFR 300.306(a). Raises NotAllowed, RuleBroken, Stale."""
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    refuse_when_withdrawn(evaluation)
    refuse_future(on, "meeting", "on")
    refuse_before(on, evaluation.referral_date, "meeting", "referral", "on")
    if evaluation.needs_consent and evaluation.consent_date is None:
        raise RuleBroken("There is no consent yet: the team meets after the assessment.", "on")
    refuse_before(on, evaluation.consent_date, "meeting", "consent", "on")
    _check_later_days(evaluation, on)
    begin(Deed.MET, by=by)
    evaluation.met_on = on
    keep(evaluation, "met_on")
    tell(Deed.MET, in_words(on), evaluation, by=by)
    return evaluation


@transaction.atomic
def record_member(
    *, by: User, evaluation: Evaluation, member: Member, replaces: int | None = None, seen: int | None = None
) -> TeamMember:
    """`replaces` is the id of the member whose entry is corrected.

    Who dissents says so in a statement. Authority: 34 CFR 300.311(b). Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    row = evaluation.team.filter(pk=replaces).first() if replaces else TeamMember(evaluation=evaluation)
    if row is None:
        raise RuleBroken("This member is not in the team any more.")
    _check_member(evaluation, member)
    if evaluation.team.filter(name__iexact=member.name.strip(), part=member.part).exclude(pk=row.pk).exists():
        raise RuleBroken(f"{member.name.strip()} stands in the team already.", "name")
    begin(Deed.MEMBER, by=by)
    row.name, row.part, row.agrees = member.name.strip(), member.part, member.agrees
    row.statement, row.signed_on = member.statement.strip(), member.signed_on
    row.save()
    keep(evaluation)
    tell(Deed.MEMBER, row.part_name.lower(), evaluation, by=by)
    return row


@transaction.atomic
def leave_out_member(*, by: User, evaluation: Evaluation, member: int, seen: int | None = None) -> Evaluation:
    """Somebody entered by mistake. Raises NotAllowed, RuleBroken, Stale."""
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    row = evaluation.team.filter(pk=member).first()
    if row is None:
        raise RuleBroken("This member is not in the team any more.")
    begin(Deed.MEMBER_LEFT_OUT, by=by)
    row.delete()
    keep(evaluation)
    tell(Deed.MEMBER_LEFT_OUT, row.part_name.lower(), evaluation, by=by)
    return evaluation


def _check_later_days(evaluation: Evaluation, on: date) -> None:
    if (determined := evaluation.determination_date) and determined < on:
        raise RuleBroken(f"The meeting is after the determination of {in_words(determined)}.", "on")
    signed = [row.signed_on for row in evaluation.team.all() if row.signed_on and row.signed_on < on]
    if signed:
        raise RuleBroken(f"Somebody signed on {in_words(min(signed))}, before this meeting.", "on")


def _check_member(evaluation: Evaluation, member: Member) -> None:
    if not member.name.strip():
        raise RuleBroken("Write the name of the member.", "name")
    if team_part(member.part) is None:
        raise RuleBroken("Choose in what part the member belongs to the team.", "part")
    if member.agrees is None:
        if member.signed_on:
            raise RuleBroken("Say whether the member agreed: there is a signature.", "agrees")
        return
    _check_signature(evaluation, member)


def _check_signature(evaluation: Evaluation, member: Member) -> None:
    if evaluation.met_on is None:
        raise RuleBroken("Record the day of the meeting first: the team agrees there.", "agrees")
    if member.signed_on is None:
        raise RuleBroken("Enter the day of the signature.", "signed_on")
    refuse_future(member.signed_on, "signature", "signed_on")
    refuse_before(member.signed_on, evaluation.met_on, "signature", "meeting", "signed_on")
    if member.agrees is False and not member.statement.strip():
        raise RuleBroken("Who dissents says why in a statement; it stands in the report.", "statement")
