"""A chart as SVG for pages: one phone wide, read aloud as words, without style sheet or script.

A page may let it grow by its class: ``.chart {width: 100%; max-width: 30rem; height: auto}``.
"""

from __future__ import annotations

import zlib
from xml.sax.saxutils import escape, quoteattr

from handlers.charts.spec import Box, ChartSpec, Disc, Path, Shape, Words

FONTS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"


def draw(spec: ChartSpec) -> str:
    """Write the chart as one ``<svg>`` element for embedding in a page or keeping as a file."""
    key = f"chart-{zlib.crc32(f'{spec.title}{spec.description}'.encode()):x}"
    body = "\n".join(_shape(shape) for shape in spec.shapes)
    language = spec.locale.replace("_", "-")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{key}-t {key}-d" lang="{language}" '
        f'class="chart" viewBox="0 0 {_n(spec.width)} {_n(spec.height)}" width="{_n(spec.width)}" '
        f'height="{_n(spec.height)}" font-family={quoteattr(FONTS)}>\n'
        f'<title id="{key}-t">{_text(spec.title)}</title>\n<desc id="{key}-d">{_text(spec.description)}</desc>\n'
        f"{body}\n</svg>\n"
    )


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(
        "".join(char for char in text if char in "\n\t" or ord(char) >= 0x20 and char not in "\ufffe\uffff")
    )


def _shape(shape: Shape) -> str:
    match shape:
        case Box():
            dash = ' stroke-dasharray="5 4"' if shape.dashed else ""
            return (
                f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}" '
                f'rx="{_n(shape.radius)}" fill="{shape.fill or "none"}"{_stroke(shape.stroke, shape.stroke_width)}{dash}/>'
            )
        case Path():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
            name = "polygon" if shape.fill else "polyline"
            return (
                f'<{name} points="{points}" fill="{shape.fill or "none"}"'
                f'{_stroke(shape.stroke, shape.stroke_width)} stroke-linejoin="round" stroke-linecap="round"/>'
            )
        case Disc():
            return (
                f'<circle cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}" fill="{shape.fill}"/>'
            )
        case Words():
            weight = ' font-weight="700"' if shape.bold else ""
            return (
                f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{shape.size}" fill="{shape.fill}" '
                f'text-anchor="{shape.anchor.value}"{weight}>{_text(shape.text)}</text>'
            )


def _stroke(colour: str | None, width: float) -> str:
    return f' stroke="{colour}" stroke-width="{_n(width)}"' if colour else ""
