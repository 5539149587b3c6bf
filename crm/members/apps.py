from django.apps import AppConfig


class MembersConfig(AppConfig):
    """What a member told about themselves beyond what signing in needs."""

    name = "crm.members"
    label = "members"
