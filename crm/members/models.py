"""What members tell about themselves, all of it optional."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

FIRST_BIRTHDAY = dt.date(1900, 1, 1)


class MemberFacts(models.Model):
    """One row per member who told something."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="facts"
    )
    birthday = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(birthday=None) | Q(birthday__gte=FIRST_BIRTHDAY),
                name="member_born_since_1900",
            )
        ]
