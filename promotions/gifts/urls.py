from django.urls import path

from promotions.gifts import views

app_name = "gifts"

urlpatterns = [path("<str:token>/", views.gift_show, name="gift")]
