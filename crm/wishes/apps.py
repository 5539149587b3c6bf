from django.apps import AppConfig


class WishesConfig(AppConfig):
    name = "crm.wishes"
