from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE, CHANGE = "seo.view_pagerule", "seo.change_pagerule"
SEE_LOG = "searchlog.view_searchtermday"


class SeoDashboardConfig(OfficeConfig):
    name = "catalog.seo.dashboard"
    label = "seo_dashboard"
    access = {
        "seo-health": Access(read=(SEE,)),
        "seo-rules": Access(read=(SEE,)),
        "seo-rule": Access(read=(SEE, CHANGE), change=(SEE, CHANGE)),
        "seo-rule-reset": Access(change=(SEE, CHANGE)),
        "seo-words": Access(read=(SEE, SEE_LOG)),
        "seo-snippet": Access(read=(SEE,)),
    }

    def get_areas(self):
        from catalog.seo.dashboard import health, keywords, rules, snippets

        return [
            path("seo/", health.health, name="seo-health"),
            path("seo/rules/", rules.rule_list, name="seo-rules"),
            path("seo/rules/<slug:kind>/", rules.rule_edit, name="seo-rule"),
            path("seo/rules/<slug:kind>/reset/", rules.rule_reset, name="seo-rule-reset"),
            path("seo/words/", keywords.keywords, name="seo-words"),
            path("seo/snippet/<slug:kind>/", snippets.snippet, name="seo-snippet"),
        ]
