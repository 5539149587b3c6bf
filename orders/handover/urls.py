from django.urls import path

from orders.handover import views

app_name = "handover"

urlpatterns = [path("<str:token>/", views.DownloadView.as_view(), name="download")]
