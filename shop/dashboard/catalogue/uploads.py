"""Pictures in forms of the back office, drawn afresh by `shop.core.uploads`."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from shop.core.uploads import picture_cleaned


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
