"""What Oscar's reviews do not know, questions with their answers, and the story of each of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MEMBER = settings.AUTH_USER_MODEL
LANGUAGE = models.CharField(max_length=12, help_text="of the text")


class State(models.IntegerChoices):
    """Of everything that people write. The numbers are those of Oscar's reviews."""

    PENDING = 0, _("To read")
    APPROVED = 1, _("Shown")
    REJECTED = 2, _("Not shown")


class Kind(models.TextChoices):
    REVIEW = "review", _("Review")
    PHOTO = "photo", _("Photo")
    QUESTION = "question", _("Question")
    ANSWER = "answer", _("Answer")


class Reason(models.TextChoices):
    """Why something is not shown, and what readers may report."""

    OFF_TOPIC = "off_topic", _("It is not about this product")
    ABUSE = "abuse", _("It insults or threatens people")
    PRIVATE = "private", _("It shows personal data, such as a name, a phone number or a face")
    ADVERT = "advert", _("It advertises something else")
    FALSE = "false", _("It is copied or made up")
    OTHER = "other", _("Something else")


class Action(models.TextChoices):
    """What can happen to something that people wrote."""

    WRITTEN = "written", _("Written")
    CHANGED = "changed", _("Changed by its author")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    REPLIED = "replied", _("Answered by the shop")
    REPORTED = "reported", _("Reported")
    REPORTS_CLOSED = "reports_closed", _("Reports read, nothing wrong")


class ReviewDetail(models.Model):
    """The rest of a review. A review without this row is a plain one in English."""

    review = models.OneToOneField(
        "reviews.ProductReview", on_delete=models.CASCADE, primary_key=True, related_name="detail"
    )
    language = LANGUAGE.clone()
    variant = models.ForeignKey(
        "catalogue.Product", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    is_verified = models.BooleanField(
        default=False, help_text="the author had a paid order with it when this was written"
    )
    edits = models.PositiveSmallIntegerField(default=0)
    edited_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True, help_text="of the shop, shown under the review")
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(MEMBER, on_delete=models.SET_NULL, null=True, related_name="+")


class ReviewPhoto(models.Model):
    """A picture that came with a review; drawn afresh by `shop.core.uploads`."""

    review = models.ForeignKey(
        "reviews.ProductReview", on_delete=models.CASCADE, related_name="photos"
    )
    image = models.ImageField(upload_to="reviews", max_length=120)
    state = models.SmallIntegerField(choices=State.choices, default=State.PENDING)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state=0), name="photo_to_read"),
        ]


class Question(models.Model):
    """What somebody wants to know about a product family. ``email``: of guests, never shown."""

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="questions"
    )
    author = models.ForeignKey(
        MEMBER, on_delete=models.SET_NULL, null=True, related_name="questions"
    )
    name = models.CharField(max_length=80, blank=True, help_text="as it is shown")
    email = models.EmailField(blank=True)
    language = LANGUAGE.clone()
    text = models.TextField()
    state = models.SmallIntegerField(choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["product", "state", "-created_at"], name="question_of_product"),
            models.Index(fields=["created_at"], condition=Q(state=0), name="question_to_read"),
        ]


class Answer(models.Model):
    """An answer by the shop or by a member. ``is_verified``: the member had bought it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    author = models.ForeignKey(MEMBER, on_delete=models.SET_NULL, null=True, related_name="answers")
    name = models.CharField(max_length=80, blank=True, help_text="as it is shown")
    is_shop = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=False)
    language = LANGUAGE.clone()
    text = models.TextField()
    state = models.SmallIntegerField(choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state=0), name="answer_to_read"),
        ]


class AnswerVote(models.Model):
    """A member found an answer helpful. Counted when read, so the figure cannot drift."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "user"], name="answer_vote_once_per_member"),
        ]


class Report(models.Model):
    """A member says that something should not stand there. Open until somebody of the team read it."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    object_id = models.BigIntegerField()
    reporter = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "reporter"], name="report_once_per_member"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "object_id"], condition=Q(handled_at=None), name="report_open"
            ),
        ]


class HistoryEntry(models.Model):
    """Who did what to which text, and when. Rows are added, never changed."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=16, choices=Action.choices)
    actor = models.ForeignKey(MEMBER, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "at"], name="history_of_item")]
