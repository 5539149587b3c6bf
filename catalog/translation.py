"""Which catalogue texts exist in every language of the shop."""

from modeltranslation.translator import TranslationOptions, register

from catalog.models import (
    AttributeOption,
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductClass,
    ProductImage,
)


@register(Product)
class ProductTranslation(TranslationOptions):
    fields = ("title", "description", "meta_title", "meta_description")


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ("name", "description", "meta_title", "meta_description")


@register(ProductClass)
class ProductClassTranslation(TranslationOptions):
    fields = ("name",)


@register(ProductAttribute)
class ProductAttributeTranslation(TranslationOptions):
    fields = ("name",)


@register(AttributeOption)
class AttributeOptionTranslation(TranslationOptions):
    fields = ("option",)


@register(ProductAttributeValue)
class ProductAttributeValueTranslation(TranslationOptions):
    fields = ("value_text",)


@register(ProductImage)
class ProductImageTranslation(TranslationOptions):
    """What a picture shows, for who does not see it."""

    fields = ("caption",)
