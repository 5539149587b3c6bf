"""The readers of the environment under the name by which settings know them."""

from shop.env import WrongSettingError, choice, flag, items, number, path, text, url

__all__ = ["WrongSettingError", "choice", "flag", "items", "number", "path", "text", "url"]
