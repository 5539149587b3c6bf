"""Levels of data. Each column has one; `shop.core.levels` reads it, the team's roles are given one.

1 public, 2 internal, 3 personal, 4 sensitive. What is not said here is internal.
"""

#: What masks look like, by kind, and the level of that kind.
DATA_KINDS = {
    "email": 3,
    "name": 3,
    "phone": 3,
    "address": 3,
    "words": 3,  # free text that people write about themselves
    "birthday": 4,
    "reference": 4,  # of a payment at its provider or bank
    "cost": 4,  # what the shop pays
    "code": 4,  # as good as money
}

#: Columns by their whole name, in whatever table.
DATA_COLUMNS = {
    "email": "email",
    "guest_email": "email",
    "recipient_email": "email",
    "billing_email": "email",
    "phone": "phone",
    "phone_number": "phone",
    "first_name": "name",
    "last_name": "name",
    "owner_name": "name",
    "recipient_name": "name",
    "sender_name": "name",
    "payer_name": "name",
    "line1": "address",
    "line2": "address",
    "line3": "address",
    "line4": "address",
    "postcode": "address",
    "search_text": "address",
    "birthday": "birthday",
    "cost": "cost",
    "unit_cost": "cost",
    "cost_price": "cost",
    "iban": "reference",
    "payer_account": "reference",
}

#: Columns of one table; ``None``: internal in spite of its name.
DATA_FIELDS = {
    "core.mail.to": "email",
    "core.mail.text": "words",
    "core.mail.html": "words",
    "life.ordermessage.text": "words",
    "order.billingaddress.company": "name",
    "order.shippingaddress.notes": "words",
    "returns.returnline.comment": "words",
    "returns.complaint.words": "words",
    "carriers.label.agreed": "cost",
    "payments.paymentintent.reference": "reference",
    "payments.paymentintent.pay_url": "reference",
    "payments.paymentintent.pay_code": "reference",
    "payments.paymententry.reference": "reference",
    "payments.refund.reference": "reference",
    "payments.webhookevent.reference": "reference",
    "payment.bankcard.number": "reference",
    "bank.bankline.payer": "name",
    "bank.payout.account": "reference",
    "bank.payout.holder": "name",
    "opinions.question.name": "name",
    "wallets.giftcard.message": "words",
    "drafts.draft.place": "address",
    "fraud.fraudcheck.card": "reference",
    "fraud.listed.shown": "words",
    "fraud.listed.value": "words",
    "rates.surcharge.postcodes": None,
    "rates.pickuppoint.postcode": None,
    "supply.warehouse.line1": None,
    "supply.warehouse.postcode": None,
}

#: Tables of which all that is not said otherwise is public: the shop shows it to everybody.
DATA_PUBLIC = {
    "catalogue.category",
    "catalogue.product",
    "catalogue.productimage",
    "content.article",
    "content.faqitem",
    "content.page",
    "content.pageversion",
    "content.topic",
    "facts.brand",
    "facts.sizeguide",
    "homepage.block",
    "homepage.notice",
    "reviews.productreview",
}
