"""Speed and memory of open models on GPUs, queueing, and the cost of owning a GPU."""
