"""Every model of the price book for one workload or text, from the cheapest."""
