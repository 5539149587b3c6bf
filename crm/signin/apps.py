from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Links that sign in once, and the list of where one is signed in."""

    name = "crm.signin"
    label = "signin"

    def ready(self) -> None:
        from crm.signin import handlers  # noqa: F401  they register themselves
