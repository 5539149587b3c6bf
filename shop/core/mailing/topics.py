"""The kinds of mail that one can do without. Mails about an order or an account are none of them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Topic:
    """``is_usual``: what holds for a mailbox that has said nothing. News waits for a yes."""

    code: str
    name: str | Promise
    about: str | Promise
    is_usual: bool


NEWS, ANSWERS = "news", "answers"
TOPICS = {
    topic.code: topic
    for topic in (
        Topic(
            NEWS, _("News and offers"), _("New things, offers and stories, now and then."), False
        ),
        Topic(
            ANSWERS,
            _("Answers"),
            _("When somebody answers your question, or we reply to your review."),
            True,
        ),
    )
}
