"""What is typed after an exit: attempts, papers, decisions, the notice, the request."""

from django import forms

from enrollment.models import ContactWay
from enrollment.rules.codes import CONSENT_REVOKED, sped_exits
from ui.dates import DateInWords

FILE_HINT = "PDF, Word or a scan, such as a request for records from the new school"
LONGEST = 4000


def words(label: str, hint: str = "", missing: str = "Write it down.", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )  # fmt: skip


class AttemptForm(forms.Form):
    on = DateInWords(what="the day of the attempt", label="Day")
    way = forms.ChoiceField(
        label="How", choices=[("", "Choose one"), *ContactWay.choices],
        error_messages={"required": "Choose how you tried to reach the family."},
    )  # fmt: skip
    result = forms.CharField(
        label="What came of it", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what came of it, also when nobody answered."},
    )  # fmt: skip


class PaperForm(forms.Form):
    file = forms.FileField(
        label="Documentation of the exit", help_text=FILE_HINT,
        error_messages={"required": "Choose the file."},
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """Nothing is typed: the button says it all."""


class DecisionForm(forms.Form):
    paper = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="Decision", choices=[("accept", "Accept it"), ("refuse", "Refuse it")],
        widget=forms.RadioSelect, error_messages={"required": "Choose accept or refuse."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason", max_length=500, required=False, help_text="Needed when it is refused",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class VerifyForm(forms.Form):
    verifier = forms.ChoiceField(
        label="Verified by", choices=[("", "Choose one"), ("DCPS", "DCPS"), ("PCSB", "PCSB")],
        error_messages={"required": "Choose who verified the credential."},
    )  # fmt: skip


class MoreTimeForm(forms.Form):
    due = DateInWords(what="the new due day", label="Documentation due")
    reason = forms.CharField(label="Reason", max_length=500, error_messages={"required": "Say why."})


class NoticeForm(forms.Form):
    issued_on = DateInWords(what="the day on which it was issued", label="Issued on")
    file = forms.FileField(label="The notice", required=False, help_text="PDF, Word or a scan")


class PartCForm(forms.Form):
    served = forms.ChoiceField(
        label="Was the student ever eligible for Part C services?", widget=forms.RadioSelect,
        choices=[("no", "No"), ("yes", "Yes")], error_messages={"required": "Choose yes or no."},
    )  # fmt: skip
    how = forms.CharField(
        label="How do you know?", max_length=300, error_messages={"required": "Say how it is known."}
    )


class RequestForm(forms.Form):
    due_diligence = words(
        "What you have done", "Attempts to reach the family and what came of them",
        "Write down first what you have done yourself.", rows=5,
    )  # fmt: skip
    words = words("What you ask the state to do", missing="Say what you ask for.")
    file = forms.FileField(label="Record of due diligence", required=False, help_text="PDF, Word or a scan")


def _reasons() -> list[tuple[str, str]]:
    offered = [(row.code, row.name) for row in sped_exits() if row.code != CONSENT_REVOKED]
    return [("", "Choose one"), *offered]


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why special education ended", choices=_reasons,
        error_messages={"required": "Choose why special education ended."},
    )  # fmt: skip
    on = DateInWords(what="the day on which special education ended", label="Special education ended on")
