"""Script of the pages."""

from dashboard.entry import navigation

<<<<<<< HEAD
from dashboard import ICON
from dashboard.components import page_frame
from dashboard.language import t
from dashboard.pages import benchmark as bench_page
from dashboard.pages import claim as claim_page
from dashboard.pages import compare as compare_page
from dashboard.pages import prices as prices_page
from dashboard.pages import tokens as tokens_page

st.set_page_config(page_title="Crossover", page_icon=str(ICON), layout="wide", initial_sidebar_state="auto")
pages = [
    st.Page(compare_page.show, title=t(compare_page.TITLE), url_path="compare", default=True),
    st.Page(tokens_page.show, title=t(tokens_page.TITLE), url_path="tokens"),
    st.Page(claim_page.show, title=t(claim_page.TITLE), url_path="claim"),
    st.Page(prices_page.show, title=t(prices_page.TITLE), url_path="prices"),
    st.Page(bench_page.show, title=t(bench_page.TITLE), url_path="benchmark"),
]
page_frame.run(st.navigation(pages, position="top").run)
=======
navigation.run()
>>>>>>> main
