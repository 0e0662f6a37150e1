"""Components shared by the pages: live panel and its charts, tables, inputs, sidebar, page frame.

A change of the volume reruns the live panel alone; the rest of the page is rerun when the slider is idle.
"""
