"""The feed of a district's student information system: one load, its rows, and what it changed."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from organizations.models import District, SchoolYear

YEAR_END = "year-end"  # the layout of rows that a person wanted for a whole school
ED_FI = "Ed-Fi"  # of rows that were read from the district's ODS


class FeedState(models.TextChoices):
    CHECKING = "CHECKING", "being checked"
    CHECKED = "CHECKED", "checked, nothing loaded yet"
    HELD = "HELD", "held for a person to decide"
    LOADED = "LOADED", "loaded"
    REFUSED = "REFUSED", "refused"
    UNDONE = "UNDONE", "undone"


OF_YEAR_END = {
    FeedState.CHECKING: "being rehearsed", FeedState.CHECKED: "rehearsed, nothing saved yet",
    FeedState.LOADED: "saved", FeedState.UNDONE: "taken back",
}  # fmt: skip


class FeedFolder(models.Model):
    """Files in the district's folder are taken up every night, in the name of the person who asked for it."""

    district = models.OneToOneField(District, on_delete=models.PROTECT, related_name="feed_folder")
    by_id = models.BigIntegerField()
    since = models.DateTimeField(default=timezone.now)

    class Privacy:
        safe = "id district by_id since"
        secret = ""

    def __str__(self) -> str:
        return f"feeds from the folder of {self.district}"


class FeedLoad(models.Model):
    """`counts` by what a row does: new, attends, changed, exit, same, refused. The same file is loaded once.

    `picked_up`: from the district's folder, so that nobody waits for it at a screen.
    """

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="feed_loads")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    document_id = models.BigIntegerField(null=True)
    layout = models.CharField(max_length=12)
    picked_up = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=FeedState.choices, default=FeedState.CHECKING)
    job_id = models.BigIntegerField(null=True)
    counts = models.JSONField(default=dict)
    why = models.CharField(max_length=500, blank=True, help_text="why it is held or refused")
    by_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(default=timezone.now)
    loaded_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "sha256"], condition=Q(state="LOADED"), name="one_file_is_loaded_once"
            ),
        ]

    class Privacy:
        safe = (
            "id district school_year sha256 document_id layout picked_up state job_id counts why by_id"
            " sent_at loaded_at decided_by_id undone_at undone_by_id"
        )
        secret = ""

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"

    @property
    def what(self) -> str:
        return YEAR_END if self.layout == YEAR_END else "feed"

    @property
    def stands(self) -> str:
        """Its state in words."""
        own = OF_YEAR_END.get(FeedState(self.state)) if self.layout == YEAR_END else None
        return own or self.get_state_display()

    def get_absolute_url(self) -> str:
        return reverse(
            "enrollment:year_end_run" if self.layout == YEAR_END else "enrollment:feed", args=[self.pk]
        )


class FeedRow(models.Model):
    """A line of the file as it came (`line` counts from the header, 1), its errors, and what it does."""

    load = models.ForeignKey(FeedLoad, on_delete=models.CASCADE, related_name="rows")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    line = models.IntegerField()
    fields = models.JSONField()
    errors = models.JSONField(default=list)
    does = models.CharField(max_length=8, blank=True)
    student_id = models.BigIntegerField(null=True)
    enrollment_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["load", "line"], name="one_row_of_a_line")]

    class Privacy:
        safe = "id load district line does student_id enrollment_id"
        secret = "fields errors"

    def __str__(self) -> str:
        return f"line {self.line}"


class FeedChange(models.Model):
    """One row of ours that a load wrote: `before` is what stood there, empty when the load made it.

    `after` is how the load left it, for tables whose rows have no history.
    """

    load = models.ForeignKey(FeedLoad, on_delete=models.CASCADE, related_name="changes")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    student_id = models.BigIntegerField()
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["pk"]

    class Privacy:
        safe = "id load district student_id table row_id"
        secret = "before after"

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
