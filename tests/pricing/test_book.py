"""The book returns the row in force on a day, and suggests the nearest id if there is none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from i18n.errors import CrossoverError
from pricing.book import suggestion
from pricing.rows import GpuRent, ModelPrice

from ..support.factories import book, frozen_book, gpu, model_price, prior

NEW_YEAR = date(2027, 1, 1)


def refusal(model: str, day: date) -> str:
    with pytest.raises(CrossoverError) as error:
        frozen_book().on(day).model(model)
    return str(error.value)


def test_a_price_change_does_not_reprice_the_past() -> None:
    old = model_price(input_usd_per_mtok=2)
    new = model_price(input_usd_per_mtok=3, effective_from=date(2026, 7, 1))
    history_book = book(new, old)  # in any order
    assert history_book.on(date(2026, 6, 30)).model("acme/large").input_usd_per_mtok == 2
    assert history_book.on(date(2026, 7, 1)).model("acme/large").input_usd_per_mtok == 3
    assert history_book.on(date(2030, 1, 1)).model("acme/large").input_usd_per_mtok == 3


def test_the_history_of_an_id_is_oldest_first() -> None:
    new = model_price(effective_from=date(2026, 7, 1))
    old = model_price()
    assert book(new, old).history(ModelPrice, "acme/large") == (old, new)


def test_only_a_change_of_a_price_is_a_day_of_change() -> None:
    history_book = book(
        model_price(),
        model_price(effective_from=date(2026, 7, 1)),
        model_price(id="acme/small", effective_from=date(2026, 3, 1)),
    )
    assert history_book.change_days() == [date(2026, 7, 1)]


def test_a_row_says_which_price_it_is() -> None:
    assert model_price().ref == "acme/large @ 2026-01-01"


def test_gemini_3_8_flash_doubles_on_new_years_day_2027() -> None:
    before = frozen_book().on(date(2026, 12, 31)).model("google/gemini-3.8-flash")
    after = frozen_book().on(NEW_YEAR).model("google/gemini-3.8-flash")
    assert (before.input_usd_per_mtok, before.output_usd_per_mtok) == (Decimal("0.75"), Decimal("3.75"))
    assert (after.input_usd_per_mtok, after.output_usd_per_mtok) == (Decimal("1.5"), Decimal("7.5"))
    assert before.guaranteed_until == date(2026, 12, 31)


def test_mistral_large_4_fell_to_its_present_price_on_29_october() -> None:
    before = frozen_book().on(date(2026, 10, 28)).model("mistral/mistral-large-4")
    after = frozen_book().on(date(2026, 10, 29)).model("mistral/mistral-large-4")
    assert (before.input_usd_per_mtok, before.output_usd_per_mtok) == (Decimal("1.36"), Decimal("4.18"))
    assert (after.input_usd_per_mtok, after.output_usd_per_mtok) == (Decimal("0.7"), Decimal("2.1"))


def test_the_rent_of_an_h100_rose_in_2026() -> None:
    rents = [row.usd_per_gpu_hour for row in frozen_book().history(GpuRent, "h100-sxm")]
    assert rents == [Decimal("1.70"), Decimal("2.35"), Decimal("2.95")]


def test_a_price_that_is_not_yet_in_force_says_from_when() -> None:
    assert refusal("openai/gpt-4o", date(2020, 1, 1)) == (
        "no price for 'openai/gpt-4o' on 2020-01-01: its first row starts on 2026-09-23 (choose a later date)"
    )


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("gpt-6.1-tera", "openai/gpt-6.1-terra"),
        ("openai/gpt-4p", "openai/gpt-4o"),
        ("OPENAI/GPT-4O-MNI", "openai/gpt-4o-mini"),
        ("anthropic/claude-haiku-55", "anthropic/claude-haiku-5-5"),
    ],
)
def test_a_misspelt_model_is_answered_with_the_nearest(wrong: str, right: str) -> None:
    assert refusal(wrong, date(2026, 11, 22)) == (
        f"no price for '{wrong}' on 2026-11-22 in models; did you mean '{right}'?"
    )


def test_a_model_that_is_near_nothing_gets_no_suggestion() -> None:
    assert refusal("zzzz", date(2026, 11, 22)) == "no price for 'zzzz' on 2026-11-22 in models"


def test_no_known_word_means_no_suggestion() -> None:
    assert str(suggestion("anything", [])) == ""


def test_a_class_of_gpu_without_efficiencies_is_an_error_and_not_a_guess() -> None:
    amd = gpu(id="a1", vendor="AMD")
    prices = book(amd, prior()).on(date(2026, 11, 22))
    assert prices.throughput_prior(gpu(), mixture_of_experts=False).mbu == Decimal("0.5")
    with pytest.raises(CrossoverError, match="throughput_priors: no row for AMD datacentre"):
        prices.throughput_prior(amd, mixture_of_experts=False)
    with pytest.raises(CrossoverError, match="throughput_priors: no row for NVIDIA datacentre"):
        prices.throughput_prior(gpu(), mixture_of_experts=True)
