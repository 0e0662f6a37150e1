"""Terms of the pages with their meaning."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

GLOSSARY: Final = (
    (N_("Option"), N_("A strategy with its model and settings; a row of the comparison.")),
    (N_("Strategy"), N_("A way to serve a workload, such as retrieval, fine-tuning or self-hosting.")),
    (
        N_("Scenario"),
        N_("A workload with its options, prices of a day, horizon and needs; saved as one file."),
    ),
    (N_("Workload"), N_("What has to be served: texts, requests per day, growth, peaks and turns.")),
    (N_("Token"), N_("The unit in which models read, write and are billed; a part of a word.")),
    (N_("Tokenizer"), N_("Splits text into tokens. Each family of models has its own.")),
    (N_("Mtok"), N_("One million tokens.")),
    (N_("Break-even"), N_("The volume at which two options cost the same.")),
    (N_("Marginal cost"), N_("The cost of one more million tokens, without fixed cost.")),
    (
        N_("Cache read"),
        N_("Input tokens that the vendor still holds from an earlier request, at a lower price."),
    ),
    (N_("Cache write"), N_("Input tokens that are stored for later requests; some vendors charge extra.")),
    (N_("Batch"), N_("Requests that may wait for hours, at a discount.")),
    (N_("TTFT"), N_("Time to first token: from the request to the first token of the answer.")),
    (N_("TPOT"), N_("Time per output token after the first one.")),
    (N_("SLO"), N_("Service level objective: the latency that you require, such as a limit of TTFT.")),
    (N_("Replica"), N_("One running copy of a model on one or more GPUs.")),
    (N_("Utilisation"), N_("The share of a fleet's capacity that is used.")),
    (N_("Idle cost"), N_("What is paid for capacity that is not used.")),
    (N_("KV cache"), N_("GPU memory that a model needs for each token of the requests in progress.")),
    (N_("RAG"), N_("Retrieval-augmented generation: a search selects the knowledge for each prompt.")),
    (N_("Fine-tuning"), N_("Training an existing model on examples of the task.")),
    (N_("LoRA"), N_("Fine-tuning that trains a small addition to the model instead of all its weights.")),
    (N_("MFU"), N_("Share of the GPU's peak arithmetic that is achieved.")),
    (N_("MBU"), N_("Share of the GPU's peak memory bandwidth that is achieved.")),
    (N_("PUE"), N_("Power of the data centre divided by the power of its servers.")),
    (N_("WACC"), N_("Weighted average cost of capital: the return that a company expects per year.")),
    (N_("NPV"), N_("Net present value: all future cash, discounted to today.")),
    (N_("Payback"), N_("The time until savings have repaid what was spent.")),
    (
        N_("EVPI"),
        N_(
            "Expected value of perfect information: the most that knowing the facts before the choice can "
            "save."
        ),
    ),
    (N_("Tornado chart"), N_("Bars of how far each assumption moves the result, the longest first.")),
    (N_("Percentile"), N_("The value below which that share of the simulations lies.")),
    (N_("Horizon"), N_("The months over which cost is compared.")),
)
