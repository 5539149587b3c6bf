"""Which mails one wants: the page in the account, and the way out that every such mail carries."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from shop.core.mailing import services
from shop.core.mailing.models import Source
from shop.core.mailing.topics import TOPICS


class MailsView(LoginRequiredMixin, View):
    """A switch for each topic."""

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = services.choices_of(request.user.email)
        topics = [{"topic": one, "is_wanted": chosen[code]} for code, one in TOPICS.items()]
        context = {"topics": topics, "here": "mails"}
        return render(request, "oscar/customer/mails.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted, before = set(request.POST.getlist("topic")), services.choices_of(request.user.email)
        for code in TOPICS:
            if (code in wanted) != before[code]:
                services.choice_set(
                    email=request.user.email,
                    topic=code,
                    is_wanted=code in wanted,
                    source=Source.PAGE,
                )
        messages.success(request, _("Saved."))
        return redirect("customer:mails")


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class StopView(View):
    """The link of a mail shows a button; a mail program posts without looking and without a token.

    That needs no other proof: whoever has the link can do no more than stop or start these mails.
    """

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        found = services.stop_of(kwargs["token"])
        if found is None:
            return render(request, "oscar/customer/mail_stop_over.html", status=404)
        self.email, self.topic = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        services.choice_set(
            email=self.email,
            topic=self.topic,
            is_wanted="again" in request.POST and not is_one_click,
            source=Source.ONE_CLICK if is_one_click else Source.LINK,
        )
        return self._show(is_done=True)

    def _show(self, *, is_done: bool = False) -> HttpResponse:
        context = {
            "topic": TOPICS[self.topic],
            "email": self.email,
            "is_wanted": services.is_wanted(email=self.email, topic=self.topic),
            "is_done": is_done,
        }
        return render(self.request, "oscar/customer/mail_stop.html", context)
