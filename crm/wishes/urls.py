from django.urls import path

from crm.wishes import views

app_name = "wishes"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.list_make, name="make"),
    path("change/", views.wish_change, name="change"),
    path("move/", views.move, name="move"),
    path("shared/<str:key>/", views.shared, name="shared"),
    path("<int:pk>/", views.list_show, name="list"),
    path("<int:pk>/rename/", views.list_rename, name="rename"),
    path("<int:pk>/share/", views.list_share, name="share"),
    path("<int:pk>/delete/", views.list_delete, name="delete"),
]
