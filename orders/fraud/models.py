"""What the rules said of an order, what people decided, and who is blocked or trusted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LINE = 70  # of 100: from here on an order waits for somebody to look


class CheckState(models.TextChoices):
    CLEAR = "clear", _("Nothing found")
    HELD = "held", _("To be looked at")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    GONE = "gone", _("Over before somebody looked")


#: Legal next states. A clear order can still be held, when its payment tells more.
NEXT: dict[str, tuple[str, ...]] = {
    CheckState.CLEAR: (CheckState.HELD, CheckState.GONE),
    CheckState.HELD: (CheckState.APPROVED, CheckState.DECLINED, CheckState.GONE),
    CheckState.APPROVED: (),
    CheckState.DECLINED: (),
    CheckState.GONE: (),
}
DECIDED = (CheckState.APPROVED, CheckState.DECLINED)


class FraudCheck(models.Model):
    """One order looked at by the rules. ``score`` is 0 to 100; ``line``: from where on it had to wait.

    ``reasons``: each with ``code`` of the rule, ``weight`` and ``facts`` that its words need. ``email``,
    ``place``, ``network`` and ``card`` are as they are counted; ``network`` is forgotten after a while.
    """

    order = models.OneToOneField("order.Order", on_delete=models.PROTECT, related_name="fraud")
    placed_at = models.DateTimeField()
    email = models.CharField(max_length=254, blank=True)
    place = models.CharField(max_length=64, blank=True, help_text="digest of the address")
    network = models.CharField(max_length=45, blank=True, help_text="address it came from")
    card = models.CharField(max_length=100, blank=True, help_text="the provider's print of a card")
    card_country = models.CharField(max_length=2, blank=True)
    score = models.PositiveSmallIntegerField(default=0)
    line = models.PositiveSmallIntegerField(default=LINE)
    reasons = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=20, choices=CheckState.choices, default=CheckState.CLEAR)
    checked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, help_text="what was found out")

    class Meta:
        indexes = [
            models.Index(fields=["email", "placed_at"], name="fraud_by_email"),
            models.Index(fields=["place", "placed_at"], name="fraud_by_place"),
            models.Index(fields=["network", "placed_at"], name="fraud_by_network"),
            models.Index(fields=["card", "placed_at"], name="fraud_by_card"),
            models.Index(
                fields=["placed_at"], condition=Q(state="held"), name="fraud_to_be_looked_at"
            ),
            models.Index(fields=["placed_at"], condition=~Q(state="clear"), name="fraud_not_clear"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CheckState.values), name="fraud_state_known"
            ),
            models.CheckConstraint(condition=Q(score__lte=100), name="fraud_score_within_100"),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_at__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True)),
                name="fraud_decided_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} {self.state}"


class FraudRule(models.Model):
    """How one rule of `orders.fraud.rules` is set here; without a row it is as it came."""

    code = models.CharField(max_length=40, unique=True)
    is_on = models.BooleanField(_("In use"), default=True)
    weight = models.PositiveSmallIntegerField(_("Weight"))
    params = models.JSONField(default=dict, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weight__lte=100), name="fraud_weight_within_100")
        ]

    def __str__(self) -> str:
        return self.code


class FraudLine(models.Model):
    """From which score on an order waits. One row, or none while it is `LINE`."""

    score = models.PositiveSmallIntegerField(_("Orders wait from this score on"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="fraud_line_is_one"),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=101), name="fraud_line_within_reach"
            ),
        ]

    def __str__(self) -> str:
        return str(self.score)


class ListedKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    DOMAIN = "domain", _("Domain of e-mails")
    PHONE = "phone", _("Telephone")
    PLACE = "place", _("Delivery address")
    NETWORK = "network", _("Network address")
    CARD = "card", _("Card")


class Verdict(models.TextChoices):
    BLOCKED = "blocked", _("Blocked")
    TRUSTED = "trusted", _("Trusted")


class Listed(models.Model):
    """Somebody who is always held, or never. ``value`` is as it is compared, ``shown`` as people read it."""

    kind = models.CharField(_("What"), max_length=20, choices=ListedKind.choices)
    value = models.CharField(max_length=254)
    shown = models.CharField(_("Value"), max_length=254)
    verdict = models.CharField(_("Verdict"), max_length=20, choices=Verdict.choices)
    reason = models.CharField(_("Reason"), max_length=200)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="fraud_listed_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ListedKind.values), name="fraud_listed_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="fraud_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.shown}"
