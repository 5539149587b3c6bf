import os

from django.core.wsgi import get_wsgi_application

from shop.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

application = get_wsgi_application()
settle()
