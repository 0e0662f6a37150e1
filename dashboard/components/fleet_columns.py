"""Headings and number formats of the fleet table."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

FLEET_HEADINGS: Final = {
    "tenure": N_("GPUs are"),
    "share_of_requests": N_("Answers of the requests"),
    "replicas_needed": N_("Replicas needed"),
    "replicas": N_("Replicas with spares"),
    "servers": N_("Servers"),
    "gpus": N_("GPUs paid for"),
    "gpus_low": N_("GPUs, tokens low (5 %)"),
    "gpus_high": N_("GPUs, tokens high (95 %)"),
    "output_tokens_per_s": N_("Output tokens/s of a replica"),
    "speed_evidence": N_("Evidence of the speed"),
    "speed_sigma_log": N_("Its spread (log sigma)"),
    "target_utilisation_share": N_("Target utilisation"),
    "average_busy_share": N_("Busy on average"),
    "peak_busy_share": N_("Busy at the peak"),
    "hours_on_share": N_("Hours switched on"),
    "ms_per_token": N_("Time per token (TPOT), ms"),
    "first_token_ms": N_("Time to first token (TTFT), ms"),
    "first_token_evidence": N_("Evidence of the TTFT"),
    "machines_usd_per_month": N_("Machines, USD a month"),
    "idle_usd_per_month": N_("Of it idle, USD a month"),
    "machines_amount_per_month": N_("Machines, {currency} a month"),
    "idle_amount_per_month": N_("Of it idle, {currency} a month"),
    "kwh_per_month": N_("kWh a month"),
    "energy_evidence": N_("Evidence of the energy"),
    "kg_co2e_per_month": N_("kg CO2e a month"),
    "kg_co2e_per_kwh": N_("kg CO2e per kWh"),
    "grid_ref": N_("Grid"),
    "grid_source": N_("Source of the grid factor"),
}
FLEET_FORMATS: Final = {
    **dict.fromkeys(("replicas_needed", "replicas", "servers", "gpus", "gpus_low", "gpus_high"), "%,.0f"),
    **dict.fromkeys(("share_of_requests", "target_utilisation_share", "hours_on_share"), "percent"),
    **dict.fromkeys(("average_busy_share", "peak_busy_share"), "percent"),
    **dict.fromkeys(("output_tokens_per_s", "first_token_ms", "kwh_per_month", "kg_co2e_per_month"), "%,.0f"),
    "ms_per_token": "%,.1f",
    "speed_sigma_log": "%.2f",
    "kg_co2e_per_kwh": "%.3f",
    **{f"{what}_{kind}_per_month": "%,.2f" for what in ("machines", "idle") for kind in ("usd", "amount")},
}
