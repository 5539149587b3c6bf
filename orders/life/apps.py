from django.apps import AppConfig


class LifeConfig(AppConfig):
    name = "orders.life"
    label = "life"
