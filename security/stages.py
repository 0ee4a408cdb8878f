"""Between password and page: the second factor of whoever has one, unless it was shown elsewhere."""

from allauth.mfa.stages import AuthenticateStage


class SecondFactorStage(AuthenticateStage):
    """The state's single sign-on may have asked for it already, and said so (security.adapters)."""

    def handle(self):
        if getattr(self.request, "strong_elsewhere", False):
            return None, True
        return super().handle()
