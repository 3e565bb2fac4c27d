"""A page that says one word, in a process that has imported all that ours has."""

import pandas  # noqa: F401
import pandera.polars  # noqa: F401
import plotly.graph_objects  # noqa: F401
import polars  # noqa: F401
import pyarrow  # noqa: F401
import sqlalchemy.orm  # noqa: F401
import streamlit as st

WORD = "Bonjour"

if __name__ == "__main__":
    st.write(WORD)
