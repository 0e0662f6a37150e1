"""Components shared by the pages: live panel, figures, tables, inputs, top bar, page frame.

A change of the volume reruns the live panel alone; the rest of the page is rerun when the slider is idle.
"""
