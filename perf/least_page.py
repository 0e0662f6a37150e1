"""The least page that says what Compare must say: verdict, slider, cards, three charts, a CSV of each.

All content is prepared: no model runs. No sidebar, tabs, headings, notes or number box; no style sheet.
"""

from __future__ import annotations

import streamlit as st

from costing.reports import comparison as report
from dashboard.components.downloads import frame_button
from frames.frame import frame
from perf.ready import CHARTS, slider

st.set_page_config(page_title="Least", layout="wide")
top = st.empty()
chosen = slider()
top.markdown(chosen.words)
st.html(chosen.cards)
for (key, height), spec in zip(CHARTS.items(), chosen.charts, strict=True):
    st.echarts_chart(spec, key=key, height=height)
    frame_button(key, lambda: frame(report.LINE_COLUMNS, ()), f"csv_{key}")
