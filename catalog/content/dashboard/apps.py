from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE, ADD, CHANGE, DROP = (f"content.{verb}_article" for verb in ("view", "add", "change", "delete"))
SEE_PAGE, ADD_PAGE, CHANGE_PAGE, DROP_PAGE = (
    f"content.{verb}_page" for verb in ("view", "add", "change", "delete")
)
EDIT, EDIT_PAGE = (SEE, CHANGE), (SEE_PAGE, CHANGE_PAGE)


class ContentDashboardConfig(OfficeConfig):
    name = "catalog.content.dashboard"
    label = "content_dashboard"
    access = {
        "article-list": Access(read=(SEE,)),
        "article-add": Access(read=(SEE, ADD), change=(SEE, ADD)),
        "article-detail": Access(read=EDIT, change=EDIT),
        "article-delete": Access(change=(SEE, DROP)),
        "article-preview": Access(change=EDIT),
        "article-goods-add": Access(change=EDIT),
        "article-goods-move": Access(change=EDIT),
        "article-goods-remove": Access(change=EDIT),
        "topic-list": Access(read=(SEE,)),
        "topic-add": Access(read=(SEE, ADD), change=(SEE, ADD)),
        "topic-detail": Access(read=EDIT, change=EDIT),
        "topic-delete": Access(change=(SEE, DROP)),
        "page-list": Access(read=(SEE_PAGE,)),
        "page-add": Access(read=(SEE_PAGE, ADD_PAGE), change=(SEE_PAGE, ADD_PAGE)),
        "page-detail": Access(read=EDIT_PAGE, change=EDIT_PAGE),
        "page-delete": Access(change=(SEE_PAGE, DROP_PAGE)),
        "page-preview": Access(change=EDIT_PAGE),
        "page-withdraw": Access(change=EDIT_PAGE),
        "question-add": Access(read=EDIT_PAGE, change=EDIT_PAGE),
        "question-detail": Access(read=EDIT_PAGE, change=EDIT_PAGE),
        "question-delete": Access(change=EDIT_PAGE),
    }

    def get_areas(self):
        from catalog.content.dashboard import articles, goods, pages, questions, topics
        from catalog.content.dashboard.preview import text_preview

        return [
            path("guides/", articles.article_list, name="article-list"),
            path("guides/add/", articles.article_add, name="article-add"),
            path("guides/<int:pk>/", articles.article_detail, name="article-detail"),
            path("guides/<int:pk>/delete/", articles.article_delete, name="article-delete"),
            path("guides/preview/", text_preview, name="article-preview"),
            path("guides/<int:pk>/goods/", goods.goods_add, name="article-goods-add"),
            path(
                "guides/<int:pk>/goods/<int:family>/move/",
                goods.goods_move,
                name="article-goods-move",
            ),
            path(
                "guides/<int:pk>/goods/<int:family>/remove/",
                goods.goods_remove,
                name="article-goods-remove",
            ),
            path("topics/", topics.topic_list, name="topic-list"),
            path("topics/add/", topics.topic_add, name="topic-add"),
            path("topics/<int:pk>/", topics.topic_detail, name="topic-detail"),
            path("topics/<int:pk>/delete/", topics.topic_delete, name="topic-delete"),
            path("pages/", pages.page_list, name="page-list"),
            path("pages/add/", pages.page_add, name="page-add"),
            path("pages/preview/", text_preview, name="page-preview"),
            path("pages/<int:pk>/", pages.page_detail, name="page-detail"),
            path("pages/<int:pk>/delete/", pages.page_delete, name="page-delete"),
            path(
                "pages/<int:pk>/versions/<int:number>/withdraw/",
                pages.page_withdraw,
                name="page-withdraw",
            ),
            path("pages/<int:pk>/questions/add/", questions.question_add, name="question-add"),
            path("questions/<int:pk>/", questions.question_detail, name="question-detail"),
            path("questions/<int:pk>/delete/", questions.question_delete, name="question-delete"),
        ]
