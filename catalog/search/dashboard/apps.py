from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE_LOG = "searchlog.view_searchtermday"
SEE_SYNONYMS, ADD_SYNONYMS, CHANGE_SYNONYMS, DROP_SYNONYMS = (
    f"finding.{verb}_synonymgroup" for verb in ("view", "add", "change", "delete")
)
SEE_REDIRECTS, ADD_REDIRECTS, CHANGE_REDIRECTS, DROP_REDIRECTS = (
    f"finding.{verb}_searchredirect" for verb in ("view", "add", "change", "delete")
)
SEE_WEIGHTS, CHANGE_WEIGHTS = "finding.view_rankingweights", "finding.change_rankingweights"


class SearchDashboardConfig(OfficeConfig):
    name = "catalog.search.dashboard"
    label = "search_dashboard"
    access = {
        "search-report": Access(read=(SEE_LOG,)),
        "search-export": Access(read=(SEE_LOG,)),
        "search-term": Access(read=(SEE_LOG,)),
        "search-synonym-list": Access(read=(SEE_SYNONYMS,)),
        "search-synonym-create": Access(read=(ADD_SYNONYMS,), change=(ADD_SYNONYMS,)),
        "search-synonym-update": Access(read=(CHANGE_SYNONYMS,), change=(CHANGE_SYNONYMS,)),
        "search-synonym-delete": Access(change=(DROP_SYNONYMS,)),
        "search-redirect-list": Access(read=(SEE_REDIRECTS,)),
        "search-redirect-create": Access(read=(ADD_REDIRECTS,), change=(ADD_REDIRECTS,)),
        "search-redirect-update": Access(read=(CHANGE_REDIRECTS,), change=(CHANGE_REDIRECTS,)),
        "search-redirect-delete": Access(change=(DROP_REDIRECTS,)),
        "search-weights": Access(read=(SEE_WEIGHTS,), change=(SEE_WEIGHTS, CHANGE_WEIGHTS)),
    }

    def get_areas(self):
        from catalog.search.dashboard import reports, rules, weights

        return [
            path("", reports.report, name="search-report"),
            path("export/", reports.export, name="search-export"),
            path("term/", reports.term, name="search-term"),
            path("synonyms/", rules.synonym_list, name="search-synonym-list"),
            path("synonyms/add/", rules.synonym_create, name="search-synonym-create"),
            path("synonyms/<int:pk>/", rules.synonym_update, name="search-synonym-update"),
            path("synonyms/<int:pk>/delete/", rules.synonym_delete, name="search-synonym-delete"),
            path("redirects/", rules.redirect_list, name="search-redirect-list"),
            path("redirects/add/", rules.redirect_create, name="search-redirect-create"),
            path("redirects/<int:pk>/", rules.redirect_update, name="search-redirect-update"),
            path(
                "redirects/<int:pk>/delete/", rules.redirect_delete, name="search-redirect-delete"
            ),
            path("weights/", weights.weights, name="search-weights"),
        ]
