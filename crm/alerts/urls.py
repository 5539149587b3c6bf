from django.urls import path

from crm.alerts import views

urlpatterns = [
    path("", views.alert_list, name="stock-alerts"),
    path("<int:pk>/ask/", views.alert_ask, name="stock-alert-ask"),
    path("<int:pk>/stop/", views.alert_drop, name="stock-alert-drop"),
    path("yes/<str:token>/", views.alert_confirm, name="stock-alert-confirm"),
    path("stop/<str:token>/", views.alert_stop, name="stock-alert-stop"),
]
