"""Oscar's checkout with a payment that only takes time: Oscar itself takes none."""
