"""The script that the framework runs for each person at each click: menu, banner, page."""

from __future__ import annotations

import streamlit as st

from dashboard import context, navigation
from dashboard.components import fictitious_banner, show
from dashboard.components.text import run_mark, session_over
from dashboard.web.index import TITLE


def main() -> None:
    """Choose the page of the address and draw it."""
    # Before st.navigation: a later call would let the browser ask a foreign server for the icon.
    st.set_page_config(page_title=TITLE, layout="wide", initial_sidebar_state="collapsed")
    here = context.current()
    signed_in = here.visitor is not None
    chosen = st.navigation(navigation.pages(here), position="top" if signed_in else "hidden")
    if not signed_in:
        show(session_over())
        return
    st.set_page_config(page_title=f"{chosen.title} · {TITLE}")
    if here.demonstration:
        show(fictitious_banner())
    with here.metrics.drawing(chosen.url_path or "vue-d-ensemble"):
        chosen.run()
    show(run_mark())


main()
