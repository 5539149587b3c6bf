"""Pictures that people in the tests take."""

import io

from PIL import Image, ImageDraw


def photo() -> dict:
    """Of a dented corner, as far as one can draw it; for `Locator.set_input_files`."""
    image = Image.new("RGB", (1200, 900), "#b99b6b")
    draw = ImageDraw.Draw(image)
    draw.polygon([(200, 800), (500, 300), (900, 700)], fill="#8a6a3b", outline="#3a2a10", width=8)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return {"name": "corner.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
