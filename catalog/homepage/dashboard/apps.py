from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE, ADD, CHANGE, DROP = (f"homepage.{verb}_block" for verb in ("view", "add", "change", "delete"))
SEE_NOTE, ADD_NOTE, CHANGE_NOTE, DROP_NOTE = (
    f"homepage.{verb}_notice" for verb in ("view", "add", "change", "delete")
)
EDIT, EDIT_NOTE = (SEE, CHANGE), (SEE_NOTE, CHANGE_NOTE)


class HomepageDashboardConfig(OfficeConfig):
    name = "catalog.homepage.dashboard"
    label = "homepage_dashboard"
    access = {
        "home-board": Access(read=(SEE,)),
        "home-preview": Access(read=(SEE,), change=EDIT),
        "home-arrange": Access(change=EDIT),
        "home-publish": Access(change=EDIT),
        "home-reset": Access(change=EDIT),
        "home-block-add": Access(read=(SEE, ADD), change=(SEE, ADD)),
        "home-block-detail": Access(read=EDIT, change=EDIT),
        "home-block-move": Access(change=EDIT),
        "home-block-show": Access(change=EDIT),
        "home-block-delete": Access(change=(SEE, DROP)),
        "notice-list": Access(read=(SEE_NOTE,)),
        "notice-add": Access(read=(SEE_NOTE, ADD_NOTE), change=(SEE_NOTE, ADD_NOTE)),
        "notice-detail": Access(read=EDIT_NOTE, change=EDIT_NOTE),
        "notice-delete": Access(change=(SEE_NOTE, DROP_NOTE)),
    }

    def get_areas(self):
        from catalog.homepage.dashboard import blocks, board, notices
        from catalog.homepage.dashboard.preview import home_preview

        return [
            path("", board.home_board, name="home-board"),
            path("preview/", home_preview, name="home-preview"),
            path("arrange/", board.home_arrange, name="home-arrange"),
            path("publish/", board.home_publish, name="home-publish"),
            path("reset/", board.home_reset, name="home-reset"),
            path("blocks/add/<slug:kind>/", blocks.block_add, name="home-block-add"),
            path("blocks/<int:pk>/", blocks.block_detail, name="home-block-detail"),
            path("blocks/<int:pk>/move/", board.block_move, name="home-block-move"),
            path("blocks/<int:pk>/show/", board.block_show, name="home-block-show"),
            path("blocks/<int:pk>/delete/", blocks.block_delete, name="home-block-delete"),
            path("notices/", notices.notice_list, name="notice-list"),
            path("notices/add/", notices.notice_add, name="notice-add"),
            path("notices/<int:pk>/", notices.notice_detail, name="notice-detail"),
            path("notices/<int:pk>/delete/", notices.notice_delete, name="notice-delete"),
        ]
