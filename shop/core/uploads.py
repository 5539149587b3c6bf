"""Pictures that people upload: judged by what is in them, drawn afresh, named at random."""

import secrets
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 90
BROKEN = (OSError, ValueError, SyntaxError, EOFError, OverflowError, Image.DecompressionBombError)


def picture_cleaned(upload: UploadedFile, *, edge: int | None = None) -> ContentFile:
    """The same picture as a fresh WebP: upright, without the camera's notes. ``ValidationError`` else.

    ``edge``: the longer side in pixels at most; a larger picture is made smaller.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("A picture may have 10 MB at most."))
    try:
        upload.seek(0)
        picture = Image.open(upload, formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise ValidationError(_("A picture may have 25 megapixels at most."))
        if edge:
            picture.draft("RGB", (edge, edge))  # JPEG decodes a large one at a part of its size
        upright = ImageOps.exif_transpose(picture)
        has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        drawn = upright.convert("RGBA" if has_alpha else "RGB")
    except BROKEN as error:
        raise ValidationError(_("This is not a JPEG, PNG or WebP picture.")) from error
    if edge and max(drawn.size) > edge:
        drawn.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    drawn.save(buffer, "WEBP", quality=QUALITY)
    return ContentFile(buffer.getvalue(), name=f"{secrets.token_hex(12)}.webp")
