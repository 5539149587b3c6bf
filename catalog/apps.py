from oscar.apps.catalogue import apps


class CatalogConfig(apps.CatalogueConfig):
    name = "catalog"
