"""Who can sign in: shoppers and operators alike."""

from django.db import models
from django.db.models.functions import Lower
from oscar.apps.customer.abstract_models import AbstractUser

from shop.core.names import name_shown


class User(AbstractUser):
    """A person known by e-mail; upper and lower case in it mean the same."""

    language = models.CharField(max_length=12, blank=True, help_text="of the mails to this person")

    class Meta(AbstractUser.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case"),
        ]

    def get_full_name(self) -> str:
        return name_shown(self.first_name, self.last_name)
