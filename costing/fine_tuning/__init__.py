"""A fine-tuning file: its faults, tokens and cost, and what tuning on it saves."""
