from django.urls import path

from orders import views
from orders.additions.views import AdditionView
from orders.carriers.track import TrackView
from orders.drafts.views import DraftView
from orders.keeping.again import AgainView
from orders.papers.views import InvoiceView, PaperView
from orders.refunds.account_views import AccountView
from orders.returns import views as returns
from orders.returns.complaint_views import ComplainView

app_name = "orders"

urlpatterns = [
    path("orders/find/", views.FindView.as_view(), name="find"),
    path("orders/find/sent/", views.find_sent, name="find-sent"),
    path("orders/draft/<str:token>/", DraftView.as_view(), name="draft"),
    path("orders/<str:token>/", views.ShowView.as_view(), name="order"),
    path("orders/<str:token>/track/", TrackView.as_view(), name="order-track"),
    path("orders/<str:token>/again/", AgainView.as_view(), name="order-again"),
    path("orders/<str:token>/message/", views.MessageView.as_view(), name="order-message"),
    path("orders/<str:token>/pay/", views.PayView.as_view(), name="order-pay"),
    path("orders/<str:token>/addition/", AdditionView.as_view(), name="order-addition"),
    path("orders/<str:token>/refund-account/", AccountView.as_view(), name="order-refund-account"),
    path("orders/<str:token>/cancel/", views.CancelView.as_view(), name="order-cancel"),
    path("orders/<str:token>/received/", views.ReceivedView.as_view(), name="order-received"),
    path("orders/<str:token>/status/", views.StatusView.as_view(), name="order-status"),
    path("orders/<str:token>/return/", returns.AskView.as_view(), name="return-ask"),
    path("orders/<str:token>/returns/<str:code>/", returns.ShowView.as_view(), name="return"),
    path(
        "orders/<str:token>/returns/<str:code>/slip/",
        returns.SlipView.as_view(),
        name="return-slip",
    ),
    path(
        "orders/<str:token>/returns/<str:code>/send/",
        returns.SendView.as_view(),
        name="return-send",
    ),
    path(
        "orders/<str:token>/returns/<str:code>/label/",
        returns.LabelView.as_view(),
        name="return-label",
    ),
    path(
        "orders/<str:token>/returns/<str:code>/drop/",
        returns.DropView.as_view(),
        name="return-drop",
    ),
    path("orders/<str:token>/complaint/", ComplainView.as_view(), name="order-complaint"),
    path(
        "orders/<str:token>/returns/<str:code>/cancel/",
        returns.CancelView.as_view(),
        name="return-cancel",
    ),
    path(
        "orders/<str:token>/returns/<str:code>/photos/<int:pk>/",
        returns.PhotoView.as_view(),
        name="return-photo",
    ),
    path("orders/<str:token>/invoice/", InvoiceView.as_view(), name="order-invoice"),
    path("orders/<str:token>/papers/<str:paper>/", PaperView.as_view(), name="order-paper"),
]
