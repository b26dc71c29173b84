"""A made-up plant of any size for measuring: lots in layers, each made of two or three of the layer before."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core import imports, people, products
from core.imports import Mapping
from core.kit import Actor, system
from core.products import NewProduct

LAYERS: Final = 14
PLACES: Final = ("原料库", "机加工", "表面处理厂", "清洗间", "包装间", "成品库", "在途")
LOTS: Final = imports.read_mapping(
    '{"kind": "lots", "columns": {"number": "批号", "product": "产品", "quantity": "数量", "made_at": "日期", '
    '"place": "地点"}, "zone": "UTC"}'
)
LINKS: Final = imports.read_mapping(
    '{"kind": "links", "columns": {"parent": "从", "child": "到", "quantity": "数量", "at": "日期"}, "zone": "UTC"}'
)


def number(lot: int) -> str:
    """Answer a lot's number; lots count from 0."""
    return f"LT-{lot:08}"


def first_of(layer: int, lots: int) -> int:
    """Answer the first lot of a layer."""
    return layer * lots // LAYERS


def rows_of_lots(lots: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield so many lots as a file holds them."""
    for lot in range(lots):
        layer = lot * LAYERS // lots
        yield (
            number(lot),
            f"P{layer:02}",
            str(1000 + lot % 97),
            f"2026-{1 + layer % 11:02}-{1 + lot % 28:02}",
            PLACES[layer // 2],
        )


def rows_of_links(lots: int) -> Iterator[tuple[int, int, str, str]]:
    """Yield what went into what, by lot: 2.6 inputs a lot, always the same for the same size."""
    dice = random.Random(20_26)  # noqa: S311  a plant made up, nothing secret
    for layer in range(1, LAYERS):
        before, here, after = (first_of(one, lots) for one in (layer - 1, layer, layer + 1))
        for child in range(here, after):
            for parent in dice.sample(range(before, here), 3 if dice.random() < 0.8 else 2):  # noqa: PLR2004
                yield parent, child, str(1 + (parent + child) % 9), f"2026-{1 + layer % 11:02}-28"


def write_files(folder: Path, lots: int) -> tuple[Path, Path]:
    """Write both files as another system would export them."""
    made = folder / "lots.csv", folder / "links.csv"
    with made[0].open("w", encoding="utf-8", newline="") as opened:
        out = csv.writer(opened)
        out.writerow(LOTS.columns.values())
        out.writerows(rows_of_lots(lots))
    with made[1].open("w", encoding="utf-8", newline="") as opened:
        out = csv.writer(opened)
        out.writerow(LINKS.columns.values())
        out.writerows(
            (number(parent), number(child), amount, day) for parent, child, amount, day in rows_of_links(lots)
        )
    return made


async def found() -> Actor:
    """Found the plant with a product for each layer; answers who acts in it."""
    plant = await people.found_plant("BENCH", "测量", "Bench")
    actor = system(plant, channel="cli")
    await products.record_products(
        actor,
        [NewProduct(code=f"P{layer:02}", name_zh=f"产品 {layer}", name_en="P") for layer in range(LAYERS)],
    )
    return actor


async def weave(actor: Actor, folder: Path, lots: int) -> None:
    """Bring the whole plant in."""
    mappings: tuple[Mapping, Mapping] = (LOTS, LINKS)
    for file, mapping in zip(write_files(folder, lots), mappings, strict=True):
        await imports.import_file(actor, file, mapping)
