class OfferExhausted(Exception):
    """Others used up the offer between the preview and the placing of an order."""
