from django.urls import path

from catalog.recommend import views

app_name = "recommend"
urlpatterns = [
    path("rails/", views.rails, name="rails"),
    path("set/", views.set_page, name="set"),
]
