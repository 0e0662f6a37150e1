"""User interface: Streamlit pages and charts, without arithmetic."""

from pathlib import Path

ICON = Path(__file__).parent / "icon.svg"
STYLE = Path(__file__).parent / "style.css"
