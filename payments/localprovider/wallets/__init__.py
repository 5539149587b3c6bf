"""Wallets: Alipay, WeChat Pay and PayPal, each in its own protocol over one book of trades."""
