from django.db import models
from django.utils import timezone


class DemoLoad(models.Model):
    """Says that what is in this database is a demo. Without it real orders are never touched."""

    size = models.CharField(max_length=10)
    seed = models.IntegerField()
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="demo_loaded_once"),
        ]
