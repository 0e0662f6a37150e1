"""How fast an open model runs on which GPUs, and what fits: measured, published, or worked out."""
