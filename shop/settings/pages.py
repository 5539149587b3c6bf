"""Kept pages (docs/pagecache.md): whether, for how long at the edge, and what drops them."""

from shop.settings import env

PAGE_CACHE = env.flag("PAGE_CACHE", default=True)
# Seconds that nginx or a CDN may keep a page for visitors without cookies; 0: they may not.
EDGE_SECONDS = env.number("EDGE_SECONDS", 0)
# Name of the release: pages of another one are not shown. Left out, the files tell.
RELEASE = env.text("RELEASE", default="")
CSRF_FAILURE_VIEW = "shop.tokens.csrf_failure"
# First parts of addresses under which no page is kept, so that nobody looks whether one is.
PAGE_CACHE_NEVER = ("checkout", "dashboard", "payments")
PAGE_CACHE_SEGMENT = "catalog.pricing.shopper.segment_of"
PAGE_CACHE_AROUND = "catalog.exchange.shopper.request_reckons"  # holes are filled inside of it
# What everybody's pages differ by beside their address: currency and tax, by as few cookies as there are.
PAGE_CACHE_MARKET = "catalog.taxes.shopper.market_of"

# Saving or deleting one of these drops kept pages: all of them, or, where a path is given, those of
# the product that the path leads to. Writers that go past ``save()`` call `drop` themselves.
PAGE_DROPS = {
    "catalogue.Category": "",
    "catalogue.ProductClass": "",
    "catalogue.ProductAttribute": "",
    "catalogue.AttributeOption": "",
    "catalogue.ProductImage": "product",
    "facts.Brand": "",
    "facts.SizeGuide": "",
    "facts.ProductFacts": "product",
    "listing.CollectionText": "",
    "finding.SynonymGroup": "",
    "finding.SearchRedirect": "",
    "finding.RankingWeights": "",
    "exchange.CurrencyPrice": "stock_record.product",
    "pricing.PriceList": "",
    "pricing.PriceListEntry": "stock_record.product",
    "kinds.ProductSet": "product",
    "kinds.SetPart": "product_set.product",
    "kinds.ProductFile": "product",
    "kinds.NextSteps": "product",
    "reviews.ProductReview": "product",
    "opinions.ReviewDetail": "review.product",
    "opinions.ReviewPhoto": "review.product",
    "opinions.Question": "product",
    "opinions.Answer": "question.product",
    "opinions.AnswerVote": "answer.question.product",
    "seo.ShareCard": "product",
    "address.Country": "",
}
