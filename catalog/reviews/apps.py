from oscar.apps.catalogue.reviews import apps


class ReviewsConfig(apps.CatalogueReviewsConfig):
    name = "catalog.reviews"
