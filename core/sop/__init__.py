"""Procedures as data: versioned templates that drive chat, page and API alike."""

from core.sop.builtin import BUILTIN
from core.sop.errors import TemplateBroken, UnknownCategory
from core.sop.policy import asked, check
from core.sop.publishing import (
    categories,
    choices_of,
    current_template,
    publish,
    publish_builtin,
    template,
    templates,
)
from core.sop.terms import (
    CATEGORIES,
    DETECTIONS,
    RISKS,
    SLACK,
    STAGES,
    AskedIf,
    Category,
    Field,
    FieldType,
    Option,
    TemplateFacts,
)

__all__ = [
    "BUILTIN",
    "CATEGORIES",
    "DETECTIONS",
    "RISKS",
    "SLACK",
    "STAGES",
    "AskedIf",
    "Category",
    "Field",
    "FieldType",
    "Option",
    "TemplateBroken",
    "TemplateFacts",
    "UnknownCategory",
    "asked",
    "categories",
    "check",
    "choices_of",
    "current_template",
    "publish",
    "publish_builtin",
    "template",
    "templates",
]
