import os

import django

from shop.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup(set_prefix=False)

from shop.core.handler import ShopHandler  # noqa: E402  it needs the settings

application = ShopHandler()
settle()
