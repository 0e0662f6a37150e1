"""Fine-tuning file: its errors, tokens, training cost and savings."""
