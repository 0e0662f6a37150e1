"""The floor: the least page that draws the app's three charts behind a slider, and nothing else.

A slider move only sends prepared data.
"""

from __future__ import annotations

import streamlit as st

from perf.ready import CHARTS, slider

st.set_page_config(page_title="Floor", layout="wide")
chosen = slider()
for (key, height), spec in zip(CHARTS.items(), chosen.charts, strict=True):
    st.echarts_chart(spec, key=key, height=height)
