"""Streamlit entry: the pages of `dashboard/navigation.py`."""

from dashboard import navigation

navigation.run()
