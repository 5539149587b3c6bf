"""What follows when an account is erased."""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver

from catalog.opinions.models import Answer, Question
from catalog.opinions.services.reviews import votes_recount
from catalog.reviews.models import ProductReview, Vote


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL, dispatch_uid="opinions.forget_name")
def on_account_erased(instance: Any, **kwargs: object) -> None:
    """The opinions stay, without a name."""
    ProductReview.objects.filter(user=instance).update(name="", email="")
    Question.objects.filter(author=instance).update(name="")
    Answer.objects.filter(author=instance).update(name="")


@receiver(post_delete, sender=Vote, dispatch_uid="opinions.recount")
def on_vote_gone(instance: Vote, origin: Any = None, **kwargs: object) -> None:
    """With its member. Votes that go with their review need no count."""
    if getattr(origin, "model", type(origin)) is not ProductReview:
        votes_recount(instance.review_id)
