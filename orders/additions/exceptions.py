from orders.exceptions import EditRefused


class PriceMoved(EditRefused):
    """It costs something else than was shown; the page shows it anew."""
