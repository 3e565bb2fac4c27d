"""Files that leave the page: made when asked for, without running the page again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.components.tables import table_csv


def download(label: str, data: Callable[[], bytes] | bytes, file_name: str, *, mime: str, key: str) -> None:
    """A button « Télécharger … »; ``data`` may be a function, called at the click."""
    st.download_button(label, data=data, file_name=file_name, mime=mime, key=key, on_click="ignore")


def download_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], file_name: str, *, key: str,
    label: str = "Télécharger ce tableau (CSV)",
) -> None:  # fmt: skip
    """A table as CSV, readable by French spreadsheets."""
    download(label, lambda: table_csv(headings, rows), file_name, mime="text/csv", key=key)
