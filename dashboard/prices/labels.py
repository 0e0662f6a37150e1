"""Labels of the prices page: tables, columns, price fields."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

KINDS: Final = {
    "models": N_("Models"),
    "finetunes": N_("Tuned models"),
    "training": N_("Training"),
    "embeddings": N_("Embeddings"),
    "tool_fees": N_("Tools"),
    "provisioned": N_("Provisioned capacity"),
    "gpu_purchase": N_("GPU purchase"),
    "gpu_rent": N_("GPU rent"),
    "gpu_offers": N_("GPU offers"),
    "electricity": N_("Electricity"),
    "grid_factors": N_("Emissions of grids"),
    "fx": N_("Currencies"),
}
"""Table -> what its rows price."""

PRICES: Final = {
    "input_usd_per_mtok": N_("Input, USD per Mtok"),
    "cached_input_usd_per_mtok": N_("Cached input, USD per Mtok"),
    "cache_write_usd_per_mtok": N_("Cache write, USD per Mtok"),
    "cache_write_1h_usd_per_mtok": N_("Cache write for an hour, USD per Mtok"),
    "output_usd_per_mtok": N_("Output, USD per Mtok"),
    "reasoning_usd_per_mtok": N_("Reasoning, USD per Mtok"),
    "training_usd_per_mtok": N_("Training, USD per Mtok"),
    "training_usd_per_hour": N_("Training, USD per hour"),
    "batch_input_usd_per_mtok": N_("Batch input, USD per Mtok"),
    "hosting_usd_per_hour": N_("Hosting, USD per hour"),
    "minimum_usd_per_job": N_("Minimum, USD per job"),
    "storage_usd_per_month": N_("Storage, USD per month"),
    "usd_per_1k_requests": N_("USD per 1,000 requests"),
    "usd_per_1k_calls": N_("USD per 1,000 calls"),
    "usd_per_unit_hour": N_("USD per unit and hour"),
    "usd_per_gpu_hour": N_("USD per GPU-hour"),
    "usd_per_gpu": N_("USD per GPU"),
    "price_per_kwh": N_("Local currency per kWh"),
    "kg_co2e_per_kwh": N_("kg CO2e per kWh"),
    "per_usd": N_("Units for one USD"),
}
"""Price field -> label with its unit."""

SHORT: Final = {
    "input_usd_per_mtok": N_("Input"),
    "cached_input_usd_per_mtok": N_("Cached"),
    "cache_write_usd_per_mtok": N_("Cache write"),
    "cache_write_1h_usd_per_mtok": N_("Cache write, 1 h"),
    "output_usd_per_mtok": N_("Output"),
    "reasoning_usd_per_mtok": N_("Reasoning"),
    "training_usd_per_mtok": N_("Training"),
    "hosting_usd_per_hour": N_("Hosting per hour"),
}
"""Price field -> label for tables that show the unit beside them."""

HEADINGS: Final = {
    **PRICES,
    "table": N_("Kind"),
    "vendor": N_("Vendor"),
    "name": N_("Name"),
    "id": N_("Id"),
    "other_price": N_("Other price"),
    "other_unit": N_("Its unit"),
    "age_days": N_("Days"),
    "freshness": N_("Age"),
    "state": N_("Lifecycle"),
    "ends": N_("What ends"),
    "ends_on": N_("Ends on"),
    "context_window_tokens": N_("Context window"),
    "effective_from": N_("Price from"),
    "checked_on": N_("Checked on"),
    "source": N_("Source"),
    "layer": N_("Layer"),
    "day": N_("Day"),
    "days_left": N_("Days left"),
    "what": N_("What happens"),
    "input_now": N_("Input now"),
    "input_then": N_("Input then"),
    "output_now": N_("Output now"),
    "output_then": N_("Output then"),
    "service": N_("Service"),
    "hours_utc": N_("Hours (UTC)"),
    "above_prompt_tokens": N_("Prompt longer than"),
    "memory_gib": N_("Memory, GiB"),
    "bandwidth_gb_per_s": N_("Bandwidth, GB/s"),
    "bf16_tflops": N_("BF16, TFLOPS"),
    "fp8_tflops": N_("FP8, TFLOPS"),
    "fp4_tflops": N_("FP4, TFLOPS"),
    "tdp_w": N_("Rated power, W"),
    "all_in_kw": N_("kW with its server"),
    "architecture": N_("Architecture"),
    "kind": N_("Kind of GPU"),
    "total_params_b": N_("Parameters, G"),
    "active_params_b": N_("Active parameters, G"),
    "experts": N_("Experts: used / all"),
    "layers": N_("Layers"),
    "kv_bytes_per_token": N_("KV bytes per token"),
    "licence": N_("Licence"),
    "tokenizer": N_("Tokenizer"),
    "note": N_("Note"),
    "evidence": N_("Evidence"),
    "field": N_("Field"),
    "value": N_("Value"),
}
"""Field of a report row -> column heading."""
