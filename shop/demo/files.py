"""Tiny files for the demo's downloads, made here: a knitting pattern and a minute of morning."""

import io
import math
import random
import wave

RATE = 8000  # samples per second
SECONDS = 4
PATTERN = (
    "HARBOUR SCARF",
    "",
    "You need: two balls of yarn, 4 mm needles, an evening or three.",
    "Tension: 20 stitches and 36 rows are 10 cm.",
    "",
    "Cast on 44 stitches.",
    "Border, 8 rows: knit 2 together, knit 4, make 1, repeat to the end.",
    "Middle: knit every row until it is as long as you are tall.",
    "Border again, then cast off loosely.",
    "",
    "Chart of the wave, read from the right:   / - - - - o / - - - - o",
    "Wash it by hand, dry it lying down.",
)


def file_made(name: str) -> bytes:
    """The file by its ending: ``.pdf`` the pattern, ``.wav`` the recording. Always the same bytes."""
    return _recording() if name.endswith(".wav") else _pattern()


def _pattern() -> bytes:
    """One page of text as a PDF of five objects."""
    rows = [f"({line.replace('(', '').replace(')', '')}) Tj T*" for line in PATTERN]
    text = "\n".join(["BT /F1 14 Tf 22 TL 60 760 Td", *rows, "ET"]).encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def _recording() -> bytes:
    """Soft noise that swells like wind, and a bird that sings thirds above it."""
    noise, low, samples = random.Random(7), 0.0, bytearray()
    for place in range(RATE * SECONDS):
        second = place / RATE
        low += (noise.uniform(-1, 1) - low) * 0.08
        wind = low * (0.5 + 0.3 * math.sin(second * 1.4))
        beat = second % 1.3
        pitch = 2100 + 700 * math.sin(beat * 40)
        bird = 0.25 * math.sin(2 * math.pi * pitch * beat) if beat < 0.25 else 0.0
        value = int(max(-1.0, min(1.0, wind + bird)) * 20_000)
        samples += value.to_bytes(2, "little", signed=True)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(samples))
    return out.getvalue()
