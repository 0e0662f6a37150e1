"""The app in an AppTest: open a page, use its widgets, read what it shows."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.pages import benchmark, prices
from dashboard.pages.compare import VIEWS
from dashboard.views import inputs_panel
from tests.support.paths import APP
from tests.support.time_limit import HANG_S


def new_app() -> AppTest:
    """The app of a new session, before its first run."""
    return AppTest.from_file(APP, default_timeout=HANG_S)


def open_app(example: str = "brand_voice") -> AppTest:
    """The first page of a new session, with an example."""
    app = new_app()
    app.query_params["example"] = example
    return app.run()


def go(app: AppTest, path: str) -> AppTest:
    """Change the page as a user does by its address; AppTest itself knows only pages that are files."""
    app._page_hash = calc_hash(path)
    return app.run()


def pick_tab(app: AppTest, label: str, *drawers: str) -> AppTest:
    """Open a view of the comparison or a section of its inputs, and expanders by their keys.

    A closed expander does not run.
    """
    sections = {title: name for name, (title, _) in inputs_panel.SECTIONS.items()}
    if label in sections:
        app.session_state["inputs"] = True
        app.session_state["inputs_section_name"] = sections[label]
    else:
        app.session_state["views"] = {"": {title: name for name, title in VIEWS.items()}[label]}
    for drawer in drawers:
        app.session_state[drawer] = True
    return app.run()


def choose_view(app: AppTest, page: str, title: str) -> None:
    """Open a view of the prices or the benchmark page at the next run."""
    titles = {prices.PATH: prices.VIEWS, benchmark.PATH: benchmark.VIEWS}[page]
    app.session_state["views"] = {page: {title: name for name, title in titles.items()}[title]}


def choose_example(app: AppTest, scenario_id: str) -> AppTest:
    """Open a shipped scenario from the start section of the inputs."""
    app.session_state["start_way_name"] = "example"
    pick_tab(app, "Start")
    return app.selectbox(key="scenario").set_value(scenario_id).run()


def choose_currency(app: AppTest, code: str) -> AppTest:
    """Choose the currency in the workload details of the inputs."""
    pick_tab(app, "Workload details", "workload_dates")
    return app.selectbox(key="currency").set_value(code).run()


def upload(app: AppTest, key: str, name: str, content: bytes, mime: str = "text/plain") -> AppTest:
    return app.file_uploader(key=key).upload(name, content, mime).run()


def choose_prices(app: AppTest, *keys: tuple[str, str], tab: str = "Over time") -> AppTest:
    """On the prices page: choose these rows and open a tab."""
    app.session_state["prices_chosen"] = list(keys)
    choose_view(app, prices.PATH, tab)
    return app.run()


def errors(app: AppTest) -> list[str]:
    return [error.value.replace("\\", "") for error in app.error]


def page_text(app: AppTest) -> str:
    """All text and messages of the page."""
    kinds = ("markdown", "caption", "info", "success", "warning", "error")
    return "\n".join(element.value for kind in kinds for element in getattr(app, kind)).replace("\\", "")


def table(app: AppTest, column: str) -> Any:
    """The table that has this column, as a data frame."""
    return next(frame.value for frame in app.dataframe if column in frame.value.columns)
