"""Fetching a file that was bought. The page is a GET and counts nothing; the file is a POST."""

from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from orders.handover.links import grant_id_of
from orders.handover.models import DownloadGrant
from orders.handover.services import grant_use
from orders.links import order_path


@method_decorator(never_cache, name="dispatch")
class DownloadView(View):
    """A guest's link is enough for a guest's file; a member's file wants the member."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args, token: str, **kwargs) -> HttpResponseBase:
        self.grant = self._grant(token)
        owner = self.grant.order_line.order.user_id
        if owner and not request.user.is_authenticated and request.method in ("GET", "HEAD"):
            return redirect_to_login(request.get_full_path())
        if owner and owner != request.user.pk:
            raise Http404
        return super().dispatch(request, *args, token=token, **kwargs)

    def get(self, request: HttpRequest, *, token: str) -> HttpResponse:
        return self._page(request, status=200 if self.grant.is_good else 410)

    def post(self, request: HttpRequest, *, token: str) -> HttpResponseBase:
        file = self.grant.file
        try:
            content = file.file.open(
                "rb"
            )  # before it is counted: a file that is gone costs nothing
        except FileNotFoundError:
            return self._page(request, is_gone=True, status=503)
        if not grant_use(grant=self.grant):
            content.close()
            self.grant.refresh_from_db()
            return self._page(request, status=410)
        return FileResponse(
            content, as_attachment=True, filename=file.name, content_type=file.content_type
        )

    def _grant(self, token: str) -> DownloadGrant:
        try:
            pk = grant_id_of(token)
        except (BadSignature, ValueError) as error:
            raise Http404 from error
        rows = DownloadGrant.objects.select_related("file", "order_line__order__facts")
        grant = rows.filter(pk=pk).first()
        if grant is None:
            raise Http404
        return grant

    def _page(self, request: HttpRequest, *, status: int, is_gone: bool = False) -> HttpResponse:
        context = {
            "grant": self.grant,
            "is_gone": is_gone,
            "order_url": order_path(request, self.grant.order_line.order),
        }
        return render(request, "kinds/download.html", context, status=status)
