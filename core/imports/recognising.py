"""What a file is, told by its content alone: a document of a kind in the table, or rows with the heads of a template."""

from __future__ import annotations

from pathlib import Path

from core.imports import documents, reading
from core.imports.kinds import KINDS
from core.imports.terms import Mapping


def by_content(file: Path) -> Mapping:
    """Answer how a file is read that says itself what it is.

    Raises:
        KindUnknown: JSON, XML or K-fields of no kind that is taken.
        DocumentBroken, DocumentTooDeep, DocumentTooLarge: such a document.
        HeadUnclear: a table whose heads are those of no template.
        NoRows, NotText, OldWorkbook, WorkbookBroken, WorkbookTooLarge: the file.
    """
    form = documents.form_of(file)
    if form is None:
        return reading.by_template(file)
    return Mapping(subject=documents.kind_of(documents.opened(file, form), KINDS).subject, columns={})
