"""A connection's own word for a local code, where the state's table has none or another one."""

from django.db import models

from edfi.models.connection import Connection


class DescriptorMapping(models.Model):
    """`uri` empty: the code has no state value over this connection, and what needs it is not sent."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="mappings")
    descriptor = models.CharField(max_length=60)
    local_code = models.CharField(max_length=30)
    uri = models.CharField(max_length=306, blank=True)

    class Meta:
        ordering = ["descriptor", "local_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "descriptor", "local_code"], name="edfi_one_value_per_code"
            ),
        ]

    class Privacy:
        safe = "id connection descriptor local_code uri"
        secret = ""

    def __str__(self) -> str:
        return f"{self.descriptor} {self.local_code}"
