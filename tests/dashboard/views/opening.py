"""A page opened at an address, and what it says."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core.domain.french import NARROW, NBSP
from dashboard import navigation

SCRIPT = Path(navigation.__file__).with_name("app.py")


def opened(path: str = "", **choices: str | list[str]) -> AppTest:
    """The application at ``path``, with the view state ``choices`` in its address."""
    test = AppTest.from_file(str(SCRIPT), default_timeout=60)
    for name, value in choices.items():
        test.query_params[name] = value
    if path:
        test._page_hash = calc_hash(path)
    test.run()
    assert not test.exception, test.exception
    return test


def html(test: AppTest) -> str:
    """All the HTML that the page shows."""
    return "\n".join(found.proto.body for found in test.get("html"))


def said(test: AppTest) -> str:
    """The words of the page, with plain spaces."""
    bare = re.sub(r"<[^>]+>", " ", html(test))
    bare = bare.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")
    return plain(bare)


def plain(text: str) -> str:
    """The same words with plain single spaces."""
    return re.sub(r"\s+", " ", text.replace(NARROW, " ").replace(NBSP, " "))
