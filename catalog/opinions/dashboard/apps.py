from django.urls import path, re_path

from shop.core.office import Access, OfficeConfig

SEE = "reviews.view_productreview"
DECIDE = (SEE, "reviews.change_productreview")
REPLY = (SEE, "opinions.add_answer")


class OpinionsDashboardConfig(OfficeConfig):
    """Reading, deciding and answering what people write."""

    name = "catalog.opinions.dashboard"
    label = "opinions_dashboard"
    access = {
        "opinion-list": Access(read=(SEE,)),
        "opinion-detail": Access(read=(SEE,)),
        "opinion-decide": Access(change=DECIDE),
        "opinion-bulk": Access(change=DECIDE),
        "opinion-reports-close": Access(change=DECIDE),
        "opinion-reply": Access(change=REPLY),
    }

    def get_areas(self):
        from catalog.opinions.dashboard import views

        one = r"^(?P<kind>review|photo|question|answer)/(?P<pk>\d{1,18})/"
        return [
            path("", views.opinion_list, name="opinion-list"),
            path("bulk/", views.opinion_bulk, name="opinion-bulk"),
            re_path(one + "$", views.opinion_detail, name="opinion-detail"),
            re_path(one + "decide/$", views.opinion_decide, name="opinion-decide"),
            re_path(one + "reply/$", views.opinion_reply, name="opinion-reply"),
            re_path(one + "reports/$", views.opinion_reports_close, name="opinion-reports-close"),
        ]
