"""Documents to print and keep: one case, and who had access, as sealed PDF."""

from handlers.documents.printing import SheetPrinter
from handlers.documents.sealing import DocumentSeal

__all__ = ["DocumentSeal", "SheetPrinter"]
