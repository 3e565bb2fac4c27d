"""A page as the framework makes it, with one button that changes one word: what a click costs there."""

import streamlit as st

WORDS = ("pair", "impair")

if __name__ == "__main__":
    clicks = st.session_state.get("clicks", 0)
    st.title(f"Compte {WORDS[clicks % 2]}")
    if st.button("Suivant"):
        st.session_state["clicks"] = clicks + 1
        st.rerun()
