"""File uploader: no English of Streamlit's own in another language."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from ..support.app import go, open_app


def label(app: AppTest) -> str:
    text: str = app.get("file_uploader")[0].proto.label
    return text


def test_in_another_language_the_label_tells_kind_and_limit() -> None:
    app = go(open_app(), "benchmark")
    assert label(app) == "Upload result files"  # the limit is in Streamlit's own line below the button
    app.segmented_control(key="lang").set_value("zh_TW").run()
    assert not app.exception
    assert label(app) == "上傳測試結果檔（JSON，每個檔案上限 64 MB）"
