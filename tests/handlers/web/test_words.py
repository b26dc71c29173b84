"""What the access log shows is in the reader's words."""

from __future__ import annotations

import re

import pytest

from handlers.text import translator
from handlers.web.routes import VIEWS
from handlers.web.words import viewed

zh = translator("zh_CN")


@pytest.mark.parametrize("subject", sorted({one.subject for one in VIEWS}))
def test_every_page_has_chinese_words_in_the_access_log(subject: str) -> None:
    said = viewed(re.sub(r"\{\w+\}", "7", subject), zh)
    assert re.search("[\u4e00-\u9fff]", said), said


def test_numbers_stay_and_the_unknown_is_shown_as_it_is() -> None:
    assert viewed("case AN-2026-000123", zh) == "案例 AN-2026-000123"
    assert viewed("impact of CT-001", zh) == "影响范围 CT-001"
    assert viewed("label of lot CT-001", zh) == "批次标签 CT-001"
    assert viewed("recall rehearsal RE-2026-000001", zh) == "召回演练 RE-2026-000001"
    assert viewed("something new", zh) == "something new"
