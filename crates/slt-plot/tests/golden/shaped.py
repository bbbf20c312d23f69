"""Glyphs and places of some texts in the bundled fonts, as HarfBuzz shapes them: python shaped.py > shaped.json

Needs uharfbuzz; made with 0.57.0 (HarfBuzz 15.0.0). Places are in units of the font, 2048 to the em.
"""

import json
from pathlib import Path

import uharfbuzz as hb

TEXTS = [
    "Generation",
    "Test accuracy (%)",
    "AV To",
    "−0.25",
    "10\u2009000",
    "Δ ≤ 10⁻³",
    "1.11",
    "Wave, Tychonoff & Yvette: P. T. LTV",
    "Edge-popup (adapted), efficient offline",
    "sparsity η = ½ ± 0.7 × 10⁻⁴",
    "2-50-50-2",
    "“Kaiming” – signed constant…",
]
FONTS = Path(__file__).parent.parent.parent / "assets" / "fonts"


def shaped(font, text):
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    x, glyphs = 0, []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions):
        assert info.codepoint != 0, f"the font lacks a character of {text!r}"
        glyphs.append([info.codepoint, x + position.x_offset])
        x += position.x_advance
    return {"text": text, "glyphs": glyphs, "width": x}


weights = {
    weight: hb.Font(hb.Face((FONTS / f"Arimo-{weight}.subset.ttf").read_bytes())) for weight in ("Regular", "Bold")
}
lines = [
    "  " + json.dumps({"bold": weight == "Bold", **shaped(font, text)}, ensure_ascii=False)
    for weight, font in weights.items()
    for text in TEXTS
]
print("[\n" + ",\n".join(lines) + "\n]")
