"""Words of Oscar and Django that people see here, and that have no Chinese or a clumsy one.

Nothing reads this module: naming the words brings them into our catalogue (see `shop.messages`).
"""

from django.utils.translation import gettext_noop, ngettext_lazy, pgettext_lazy

CATALOGUE = (
    gettext_noop("Long description"),
    gettext_noop("Meta title"),
    gettext_noop("Meta description"),
    gettext_noop("Exclude from menu"),
    gettext_noop("Exclude this category from the menu."),
    gettext_noop("Category details"),
    gettext_noop("The highest priority products are shown first"),
    gettext_noop("Unique identifier"),
    gettext_noop("Select"),
    gettext_noop("Radio"),
    gettext_noop("Multi select"),
    gettext_noop("Checkbox"),
    gettext_noop("Skip this option"),
    gettext_noop("Is this option required?"),
    gettext_noop("Help text"),
    gettext_noop("Help text shown to the user on the add to basket form"),
    gettext_noop("Ordering"),
    gettext_noop("Controls the ordering of product options on product detail pages"),
    gettext_noop("Option Group is required for type %s"),
    gettext_noop("Option Group can not be used with type %s"),
    gettext_noop("An option group is required"),
    gettext_noop("Leave blank to generate from category name"),
    gettext_noop("Leave blank to generate from product title"),
    gettext_noop("This will also delete the following variants:"),
    gettext_noop(
        "%s is not a valid identifier, but attribute codes must be valid python identifiers"
    ),
)
TREE = (
    gettext_noop("Child of"),
    gettext_noop("Sibling of"),
    gettext_noop("First child of"),
    gettext_noop("After"),
    gettext_noop("Position"),
    gettext_noop("Relative to"),
    gettext_noop("-- root --"),
    gettext_noop("Can't move node to itself."),
    gettext_noop("Can't move node to a descendant."),
)
OFFERS = (
    gettext_noop("This can only be changed if it has no vouchers attached to it"),
    gettext_noop("Exclusive offers cannot be combined"),
    gettext_noop("No other options can be set if you are using a custom condition"),
    gettext_noop("Offer type"),
    gettext_noop("Has vouchers?"),
    gettext_noop('Is of type "%s"'),
    gettext_noop("Has vouchers"),
    gettext_noop("Has no vouchers"),
    gettext_noop('Voucher code matches "%s"'),
    gettext_noop("Name, description and type"),
    gettext_noop("1. Name, description and type"),
    gettext_noop("This offer can only be deleted if it has no vouchers attached to it"),
    gettext_noop(
        "Select other non-exclusive offers that this offer can be combined with on the same items"
    ),
    gettext_noop("Discount is a fixed amount off of the basket's total"),
    gettext_noop("Fixed product level discount benefits require a product range"),
    gettext_noop("Fixed product level discount benefits require a value"),
    gettext_noop("Count conditions require a product range"),
    gettext_noop("Count conditions require a value"),
    gettext_noop("Value conditions require a product range"),
    gettext_noop("Value conditions require a value"),
    gettext_noop("Coverage conditions require a product range"),
    gettext_noop("Coverage conditions require a value"),
    gettext_noop("Fixed unit discount benefit"),
    gettext_noop("Attached vouchers"),
    gettext_noop("No vouchers are attached to this offer."),
    gettext_noop("Num of vouchers"),
    gettext_noop("Offer Search Results"),
    gettext_noop("All Offers"),
)
RANGES = (
    gettext_noop("Excluded Categories"),
    gettext_noop(
        "Products with these categories are excluded from the range when Includes all products is checked"
    ),
    gettext_noop("excluded from this range"),
    gettext_noop("added to this range"),
    gettext_noop("The products with SKUs or UPCs matching %(skus)s have already been %(action)s"),
    gettext_noop("Products excluded from range"),
    gettext_noop("Products excluded from Range"),
    gettext_noop("Exclude products"),
    gettext_noop("Remove selected excluded products"),
)
VOUCHERS = (
    gettext_noop("Which offers apply for this voucher?"),
    gettext_noop("In voucher set?"),
    gettext_noop("Has offers?"),
    gettext_noop("Not in a set"),
    gettext_noop('Name matches "%s"'),
    gettext_noop('Code is "%s"'),
    gettext_noop('Code matches "%s"'),
    gettext_noop('Offer name matches "%s"'),
    gettext_noop("Is active"),
    gettext_noop("Is inactive"),
    gettext_noop("In a set"),
    gettext_noop("Has offers"),
    gettext_noop("Has no offers"),
    gettext_noop("The voucher can only be edited as part of its set"),
    gettext_noop("Number of offers"),
    gettext_noop("Delete voucher '%(code)s'?"),
    gettext_noop("Attached offers"),
    gettext_noop("No offers are attached to this voucher."),
    gettext_noop("Edit set"),
    gettext_noop("Delete from set"),
    gettext_noop("Voucher Search Results"),
    gettext_noop("All Vouchers"),
    gettext_noop("Num Offers"),
    gettext_noop("Set"),
)
LISTS = (
    gettext_noop("No pending bulk action. Please select items and try again."),
    gettext_noop(
        "\n                        Page %(page_num)s of %(total_pages)s\n                    "
    ),
    gettext_noop("Confirm"),
    gettext_noop("Apply"),
    gettext_noop("Clear selection"),
    gettext_noop("All %(count)s selected"),
    gettext_noop("Click here to select the objects across all pages"),
)
SHOP = (
    gettext_noop("'%(product)s' is no longer available"),
    gettext_noop(
        "Available stock is only %(max)d, which has been exceeded because multiple lines contain the same product."
    ),
    gettext_noop("Enter a valid phone number."),
    gettext_noop("The phone number entered is not valid."),
)
PROMISES = (
    gettext_noop("Basket includes %(count)d item(s) from %(range)s"),
    gettext_noop("Basket includes %(count)d distinct item(s) from %(range)s"),
    gettext_noop("Basket includes %(amount)s from %(range)s"),
    gettext_noop("Spend %(value)s more from %(range)s"),
    gettext_noop("%(value)s%% discount on %(range)s"),
    gettext_noop("%(value)s discount on %(range)s"),
    gettext_noop("The products that meet the condition are sold for %(amount)s"),
    gettext_noop("Cheapest product from %(range)s is free"),
    gettext_noop("%(amount)s off shipping cost"),
    gettext_noop("Get shipping for %(amount)s"),
    gettext_noop("%(value)s%% off of shipping cost"),
    gettext_noop("Needs to contain a set number of DISTINCT items from the condition range"),
    gettext_noop("You have already used this voucher in a previous order"),
)
FORMS = (
    gettext_noop("Enter a valid email address."),
    gettext_noop("This field is required."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a number."),
    gettext_noop("Enter a valid date."),
)
# They have words for these; ours fit the glossary.
WORDED_BETTER = (
    gettext_noop("No other options can be set if you are using a custom incentive"),
    gettext_noop("You can paste in a selection of SKUs or UPCs"),
    gettext_noop("You must submit either a list of SKU/UPCs or a file"),
    gettext_noop("Product SKUs or UPCs"),
    gettext_noop("File of SKUs or UPCs"),
    gettext_noop("Are you sure you want to delete this offer?"),
    gettext_noop("Are you sure you want to delete this range?"),
    gettext_noop("Delete page <strong>%(title)s</strong> - are you sure?"),
    gettext_noop("You are editing:"),
    gettext_noop("Search engine optimisation"),
    gettext_noop("Login"),
)
IN_CONTEXT = (
    pgettext_lazy("Product meta title", "Meta title"),
    pgettext_lazy("Product meta description", "Meta description"),
    pgettext_lazy("Product attribute value", "Yes"),
    pgettext_lazy("Product attribute value", "No"),
    pgettext_lazy(
        "{example_number} is a national phone number.",
        "Enter a valid phone number (e.g. {example_number}) or a number with an international call prefix.",
    ),
    pgettext_lazy(
        "{example_number} is an international phone number.",
        "Enter a valid phone number (e.g. {example_number}).",
    ),
    pgettext_lazy(
        "{example_number} is a national phone number.",
        "Enter a valid phone number (e.g. {example_number}).",
    ),
)
COUNTED = (
    ngettext_lazy(
        "We have merged %(num_items_merged)d item from a previous session to your basket.",
        "We have merged %(num_items_merged)d items from a previous session to your basket.",
    ),
    ngettext_lazy(
        "Removed %d product from excluded list", "Removed %d products from excluded list"
    ),
    ngettext_lazy(
        "%(num_products)d product has been %(action)s",
        "%(num_products)d products have been %(action)s",
    ),
)
