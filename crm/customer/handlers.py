"""Who asked for a link? Looked up here, after the answer was given."""

from crm.accounts.models import User
from crm.customer import mails
from shop.core.events import AccountLinkAsked
from shop.core.outbox import on


@on(AccountLinkAsked)
def on_account_link_asked(*, email: str, language: str, purpose: str, there: str = "") -> None:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is not None and purpose == "signin":
        mails.sign_in_queue(user=user, language=language, there=there)
    elif user is not None:
        mails.password_reset_queue(user=user, language=language, knew=purpose == "reset")
    elif (
        purpose in ("register", "signin") and not User.objects.filter(email__iexact=email).exists()
    ):
        mails.register_queue(email=email, language=language)
