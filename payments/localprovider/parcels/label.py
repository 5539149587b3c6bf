"""The label as PDF, 105 by 148 millimetres, set by Typst."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import segno
import typst

HERE = Path(__file__).parent
PACKAGES = Path(__file__).parents[3] / "node_modules" / "@expo-google-fonts"
FACES = [
    PACKAGES / "source-sans-3" / "400Regular",
    PACKAGES / "source-sans-3" / "600SemiBold",
    PACKAGES / "noto-sans-sc" / "400Regular",
]


def label_pdf(number: str, carrier: str, wanted: dict[str, Any], made: float) -> bytes:
    """The same bytes for the same label."""
    code = segno.make(number, error="m", micro=False)
    data = {
        "number": number,
        "carrier": carrier.capitalize(),
        "service": str(wanted.get("service", "")).upper(),
        "lines": [str(line) for line in wanted.get("lines", [])][:9],
        "order": str(wanted.get("order_number", "")),
        "weight": f"{int(wanted.get('weight_g') or 1) / 1000:.2f} kg",
        "code": code.svg_inline(border=0, dark="#000"),
    }
    compiler = typst.Compiler(
        root=HERE,
        font_paths=typst.Fonts(
            include_system_fonts=False, font_paths=[str(face) for face in FACES]
        ),
    )
    return compiler.compile(
        input=HERE / "label.typ",
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        timestamp=int(dt.datetime.fromtimestamp(made, tz=dt.UTC).timestamp()),
    )
