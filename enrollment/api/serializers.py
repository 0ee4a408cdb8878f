"""What is sent to the verbs of enrollment, and how records of enrollment are read."""

from rest_framework import serializers

from enrollment.models import (
    ContactAttempt,
    ContactWay,
    Decision,
    Duty,
    Enrollment,
    ExitNotice,
    ExitPaper,
    Finding,
    SupportRequest,
)
from enrollment.queries.rosters import Roster
from organizations.models import District, Site

LONGEST = 4000
LARGEST = 2**63 - 1  # a row's number


class EnrollmentSerializer(serializers.ModelSerializer):
    """`version` goes back with an exit, so that nobody overwrites what they did not see."""

    class Meta:
        model = Enrollment
        fields = [
            "id", "student", "district", "site", "responsible_site", "grade", "stage", "entry_code",
            "first_day", "exit_code", "effective_exit_code", "last_day", "attended", "no_show", "seds_state",
            "documentation_due", "version",
        ]  # fmt: skip
        read_only_fields = fields


class NoShowSerializer(serializers.Serializer):
    last_day = serializers.DateField()
    how_known = serializers.CharField(max_length=LONGEST)
    version = serializers.IntegerField(required=False)


class ExitSerializer(NoShowSerializer):
    code = serializers.CharField(max_length=6)
    new_school = serializers.CharField(max_length=200, required=False, default="")


class ChildSerializer(serializers.Serializer):
    state_student_id = serializers.RegexField(r"^[0-9A-Za-z-]{4,20}$")
    last_name = serializers.CharField(max_length=60)
    first_name = serializers.CharField(max_length=60)
    middle_name = serializers.CharField(max_length=60, required=False, default="")
    birth_date = serializers.DateField()
    sex = serializers.ChoiceField(choices=["F", "M", "X"])


class EntrySerializer(serializers.Serializer):
    """Either `student`, the id of a child in view, or `child`, who is written down when nobody knows it."""

    student = serializers.IntegerField(required=False)
    child = ChildSerializer(required=False)
    district = serializers.PrimaryKeyRelatedField(queryset=District.objects.all())
    site = serializers.PrimaryKeyRelatedField(queryset=Site.objects.all())
    code = serializers.CharField(max_length=6)
    first_day = serializers.DateField()
    grade = serializers.CharField(max_length=4)
    forms_received_on = serializers.DateField(required=False)
    agreement_received_on = serializers.DateField(required=False)
    first_attended = serializers.DateField(required=False)
    local_student_id = serializers.CharField(max_length=20, required=False, default="")
    takes_over = serializers.BooleanField(required=False, default=False)

    def validate(self, typed: dict) -> dict:
        if ("student" in typed) == ("child" in typed):
            raise serializers.ValidationError("Name either a student or a child.")
        return typed


class TransferSerializer(serializers.Serializer):
    """`first_day` is the first one there, the day before the last one here.

    To a public school of the district with both codes; to a nonpublic one the state's pair of codes is used.
    """

    site = serializers.PrimaryKeyRelatedField(queryset=Site.objects.all())
    first_day = serializers.DateField()
    how_known = serializers.CharField(max_length=LONGEST)
    exit_code = serializers.CharField(max_length=6, required=False)
    entry_code = serializers.CharField(max_length=6, required=False)
    version = serializers.IntegerField(required=False)

    def validate(self, typed: dict) -> dict:
        if ("exit_code" in typed) != ("entry_code" in typed):
            raise serializers.ValidationError("Give both codes, or neither for a nonpublic school.")
        return typed


class AttendSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=6)
    first_attended = serializers.DateField()
    version = serializers.IntegerField(required=False)


class AttemptSerializer(serializers.ModelSerializer):
    way = serializers.ChoiceField(choices=ContactWay.choices)

    class Meta:
        model = ContactAttempt
        fields = ["id", "on", "way", "result"]


class SentPaperSerializer(serializers.Serializer):
    """Sent as multipart/form-data."""

    file = serializers.FileField()


class PaperSerializer(serializers.ModelSerializer):
    class Meta:
        model = ExitPaper
        fields = ["id", "document_id", "recorded_at", "decision", "decided_at", "reason"]
        read_only_fields = fields


class DecisionSerializer(serializers.Serializer):
    """By the state; a refusal needs its reason."""

    paper = serializers.IntegerField(min_value=0, max_value=LARGEST)
    decision = serializers.ChoiceField(choices=[Decision.ACCEPTED.value, Decision.REFUSED.value])
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ExitNoticeSerializer(serializers.ModelSerializer):
    """The notice itself may go along as `file`, as multipart/form-data."""

    file = serializers.FileField(required=False, write_only=True)

    class Meta:
        model = ExitNotice
        fields = ["issued_on", "file", "document_id"]
        read_only_fields = ["document_id"]


class AskedSerializer(serializers.Serializer):
    """`due_diligence` is what was done before asking (R11.04)."""

    words = serializers.CharField(max_length=LONGEST)
    due_diligence = serializers.CharField(max_length=LONGEST)
    file = serializers.FileField(required=False)


class SupportRequestSerializer(serializers.ModelSerializer):
    class Meta:
        model = SupportRequest
        fields = [
            "id", "student", "enrollment", "issue_type", "sub_category", "words", "due_diligence", "state",
            "opened_at", "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


class DutySerializer(serializers.ModelSerializer):
    class Meta:
        model = Duty
        fields = ["id", "student", "district", "enrollment", "kind", "since", "done_on", "done_how"]
        read_only_fields = fields


class DoneSerializer(serializers.Serializer):
    how = serializers.CharField(max_length=300)


class FindingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Finding
        fields = [
            "id", "check_number", "severity", "student", "district", "other", "enrollment", "words",
            "found_at", "explained", "explained_at",
        ]  # fmt: skip
        read_only_fields = fields


class WordsSerializer(serializers.Serializer):
    words = serializers.CharField(max_length=500)


class AskedRosterSerializer(serializers.Serializer):
    """Of which day (today), as known when (now), of a whole district or one site of it."""

    district = serializers.IntegerField(min_value=1, max_value=LARGEST)
    site = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)
    roster = serializers.ChoiceField(choices=[r.value for r in Roster], default=Roster.ENROLLMENT.value)
    day = serializers.DateField(required=False)
    known = serializers.DateTimeField(required=False)
    grade = serializers.CharField(max_length=4, default="", allow_blank=True)
    page = serializers.IntegerField(default=1, min_value=1, max_value=100_000)


class MemberSerializer(serializers.Serializer):
    student = serializers.IntegerField(source="student.pk")
    state_student_id = serializers.CharField(source="student.state_student_id")
    last_name = serializers.CharField(source="student.last_name")
    first_name = serializers.CharField(source="student.first_name")
    enrollment = serializers.IntegerField(source="enrollment_id", allow_null=True)
    site = serializers.IntegerField(source="site_id", allow_null=True)
    grade = serializers.CharField()
    entry_code = serializers.CharField()
    first_day = serializers.DateField(allow_null=True)


class RosterSerializer(serializers.Serializer):
    """One page of the children by name; `count` is how many there are in all."""

    count = serializers.IntegerField()
    page = serializers.IntegerField()
    results = MemberSerializer(many=True)
