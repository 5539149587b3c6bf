"""Sets one paper and writes it to stdout: a process of its own, started by `orders.papers.printing`.

Knows nothing of the shop. What is printed comes as JSON on stdin and goes into the template as data
(``sys.inputs``), so no name and no title is ever read as markup. Templates see their own folder
only, and nothing is fetched.
"""

import json
import sys
from pathlib import Path

import typst

LAYOUTS = Path(__file__).parent / "layouts"


def main() -> None:
    job = json.load(sys.stdin)
    compiler = typst.Compiler(
        root=LAYOUTS,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=job["fonts"]),
    )
    output = compiler.compile(
        input=LAYOUTS / f"{job['layout']}.typ",
        format=job["format"],
        ppi=job.get("ppi"),
        sys_inputs={"data": json.dumps(job["data"])},
        timestamp=job["timestamp"],  # not the time of printing, so that the bytes are the same
        pdf_standards=["ua-1"] if job["format"] == "pdf" else [],
    )
    pages = output if isinstance(output, list) else [output]
    sys.stdout.buffer.write(pages[job.get("page", 0)])


if __name__ == "__main__":
    main()
