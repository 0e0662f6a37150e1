"""What follows the volume at once: the verdict, the slider, the cards, and the charts of a view.

A move runs and redraws these alone; the rest of the page, which Streamlit draws, follows when the slider
rests.
"""
