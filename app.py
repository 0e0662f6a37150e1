"""Server of the dashboard: `streamlit run app.py`. Its pages are in `dashboard/entry/main.py`."""

import streamlit as st

from dashboard.entry import server

app = st.App("dashboard/entry/main.py", routes=server.routes(), middleware=server.middleware())
