"""Guardian's grants on districts and sites, with direct foreign keys. They follow the assignments."""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from organizations.models import District, Site


class DistrictGrant(UserObjectPermissionBase):
    content_object = models.ForeignKey(District, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object"], name="district_grant_unique"
            )
        ]

    class Privacy:
        safe = "id permission user content_object"
        secret = ""


class SiteGrant(UserObjectPermissionBase):
    content_object = models.ForeignKey(Site, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "permission", "content_object"], name="site_grant_unique")
        ]

    class Privacy:
        safe = "id permission user content_object"
        secret = ""


class DistrictGroupGrant(GroupObjectPermissionBase):
    """Guardian looks for it beside the user's grants; no group is ever given one."""

    content_object = models.ForeignKey(District, on_delete=models.CASCADE)

    class Privacy:
        safe = "id permission group content_object"
        secret = ""


class SiteGroupGrant(GroupObjectPermissionBase):
    """Guardian looks for it beside the user's grants; no group is ever given one."""

    content_object = models.ForeignKey(Site, on_delete=models.CASCADE)

    class Privacy:
        safe = "id permission group content_object"
        secret = ""
