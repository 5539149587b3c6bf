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


def picture_cleaned(upload: UploadedFile) -> ContentFile:
    """The same picture as a fresh WebP: upright, without the camera's notes. ``ValidationError`` else."""
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("A picture may have 10 MB at most."))
    try:
        upload.seek(0)
        picture = Image.open(upload, formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise ValidationError(_("A picture may have 25 megapixels at most."))
        upright = ImageOps.exif_transpose(picture)
        has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        drawn = upright.convert("RGBA" if has_alpha else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This is not a JPEG, PNG or WebP picture.")) from error
    buffer = BytesIO()
    drawn.save(buffer, "WEBP", quality=QUALITY)
    return ContentFile(buffer.getvalue(), name=f"{secrets.token_hex(12)}.webp")


class CleanPictureMixin:
    """For model forms: every file of ``pictures`` is drawn afresh when it is a new upload."""

    pictures: tuple[str, ...] = ()

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        for name in self.pictures:
            if isinstance(data.get(name), UploadedFile):
                try:
                    data[name] = picture_cleaned(data[name])
                except ValidationError as error:
                    self.add_error(name, error)
        return data
