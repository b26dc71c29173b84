"""A chart as SVG for pages: one phone wide, read aloud as words, without style sheet or script.

A page may let it grow by its class: ``.chart {width: 100%; max-width: 30rem; height: auto}``.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from handlers.charts.spec import Box, ChartSpec, Disc, Path, Shape, Words

FONTS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"


def draw(spec: ChartSpec) -> str:
    """Write the chart as one ``<svg>`` element for embedding in a page or keeping as a file."""
    key = f"chart-{zlib.crc32((spec.title + spec.description).encode(errors='replace')):x}"
    body = "\n".join(_shape(shape) for shape in spec.shapes)
    head = _element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "role": "img",
            "aria-labelledby": f"{key}-t {key}-d",
            "lang": spec.locale.replace("_", "-"),
            "class": "chart",
            "viewBox": f"0 0 {_n(spec.width)} {_n(spec.height)}",
            "width": _n(spec.width),
            "height": _n(spec.height),
            "font-family": FONTS,
        },
    )
    title, words = _text(spec.title), _text(spec.description)
    return (
        f'{head}>\n<title id="{key}-t">{title}</title>\n<desc id="{key}-d">{words}</desc>\n{body}\n</svg>\n'
    )


def _element(name: str, attributes: Mapping[str, str | None]) -> str:
    """Open an element; attributes without a value are left out."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value is not None)
    return f"<{name}{written}"


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    """Escape a text and drop what XML forbids (control characters, lone surrogates)."""
    return escape(
        "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    )


def _shape(shape: Shape) -> str:
    match shape:
        case Box():
            return (
                _element(
                    "rect",
                    {
                        "x": _n(shape.x),
                        "y": _n(shape.y),
                        "width": _n(shape.width),
                        "height": _n(shape.height),
                        "rx": _n(shape.radius),
                        "fill": shape.fill or "none",
                        "stroke": shape.stroke,
                        "stroke-width": _n(shape.stroke_width) if shape.stroke else None,
                        "stroke-dasharray": "5 4" if shape.dashed else None,
                    },
                )
                + "/>"
            )
        case Path():
            return (
                _element(
                    "polygon" if shape.fill else "polyline",
                    {
                        "points": " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points),
                        "fill": shape.fill or "none",
                        "stroke": shape.stroke,
                        "stroke-width": _n(shape.stroke_width) if shape.stroke else None,
                        "stroke-linejoin": "round",
                        "stroke-linecap": "round",
                    },
                )
                + "/>"
            )
        case Disc():
            place = {"cx": _n(shape.x), "cy": _n(shape.y), "r": _n(shape.radius), "fill": shape.fill}
            return _element("circle", place) + "/>"
        case Words():
            look = {
                "x": _n(shape.x),
                "y": _n(shape.y),
                "font-size": str(shape.size),
                "font-weight": "700" if shape.bold else None,
                "text-anchor": shape.anchor.value,
                "fill": shape.fill,
            }
            return f"{_element('text', look)}>{_text(shape.text)}</text>"
