from django.core.management.base import BaseCommand

from crm.accounts.roles import ROLES, roles_sync


class Command(BaseCommand):
    help = "Make the groups of the team's roles what crm/accounts/roles.py says."

    def handle(self, **options) -> None:
        roles_sync()
        self.stdout.write(f"{len(ROLES)} roles in order")
