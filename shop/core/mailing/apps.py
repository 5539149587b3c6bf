from django.apps import AppConfig


class MailingConfig(AppConfig):
    """Which mails a mailbox wants, beside those that belong to an order or an account."""

    name = "shop.core.mailing"
    label = "mailing"
