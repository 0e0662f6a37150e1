"""Discounts: exact prices on exactly their days, and every invalid discount refused."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from i18n.errors import CrossoverError
from pricing.book import PriceBook
from pricing.company_tables import layered
from pricing.load import SHIPPED
from pricing.rows import Fact, GpuOffer, ModelPrice, Rates, ServiceTiers, Tiered, TunedPrice, Window
from pricing.schema import schema_of

from ..support.factories import DAY, book, context_tier, decimals, model_price, tuned_price


def discount(target: str = "vendor: Acme", share_off: str = "0.15", **more: object) -> str:
    """A discount of 15 % on Acme from 2026-03-01 on, as it is written."""
    fields = {"id": "deal", "effective_from": "2026-03-01", **more}
    lines = [f"- id: {fields.pop('id')}", f"  {target}", f"  share_off: {share_off}"]
    lines += [f"  {name}: {value}" for name, value in fields.items()]
    return "\n".join([*lines, "  source: contract 7", "  checked_on: 2026-02-01"]) + "\n"


def with_discounts(base: PriceBook, *discounts: str) -> PriceBook:
    return layered(base, {"discounts.yaml": "".join(discounts)}, "acme-corp", DAY)


def errors(base: PriceBook, *discounts: str) -> list[str]:
    with pytest.raises(CrossoverError) as error:
        with_discounts(base, *discounts)
    return str(error.value).splitlines()


def inputs(base: PriceBook, *discounts: str) -> list[tuple[str, Decimal, str]]:
    """(first day, input price, layer) of every row of acme/large."""
    return [
        (row.effective_from.isoformat(), row.input_usd_per_mtok, row.layer)
        for row in with_discounts(base, *discounts).history(ModelPrice, "acme/large")
    ]


# --- on which days


def test_a_discount_starts_on_its_first_day() -> None:
    # 2 x (1 - 0.15) = 1.7
    assert inputs(book(), discount()) == [
        ("2026-01-01", Decimal("2"), "shipped"),
        ("2026-03-01", Decimal("1.7"), "acme-corp"),
    ]


def test_after_a_discounts_last_day_the_list_price_is_back() -> None:
    periods = inputs(book(), discount(effective_to="2026-03-31"))
    assert periods == [
        ("2026-01-01", Decimal("2"), "shipped"),
        ("2026-03-01", Decimal("1.7"), "acme-corp"),
        ("2026-04-01", Decimal("2"), "shipped"),
    ]
    after = with_discounts(book(), discount(effective_to="2026-03-31"))
    assert after.on(date(2026, 3, 31)).model("acme/large").input_usd_per_mtok == Decimal("1.7")
    row = after.on(date(2026, 4, 1)).model("acme/large")
    assert row.note == "list price again after discount 'deal' (acme-corp)"


def test_a_discount_from_before_a_price_starts_with_the_price() -> None:
    assert inputs(book(), discount(effective_from="2020-01-01")) == [
        ("2026-01-01", Decimal("1.7"), "acme-corp")
    ]


def test_a_discount_goes_on_over_a_change_of_the_list_price() -> None:
    base = book(model_price(), model_price(effective_from=date(2026, 6, 1), input_usd_per_mtok=4))
    assert inputs(base, discount()) == [
        ("2026-01-01", Decimal("2"), "shipped"),
        ("2026-03-01", Decimal("1.7"), "acme-corp"),
        ("2026-06-01", Decimal("3.4"), "acme-corp"),
    ]


def test_a_discount_that_is_to_come_changes_nothing_before_and_is_a_day_of_change() -> None:
    discounted = with_discounts(book(), discount(effective_from="2027-05-01"))
    assert discounted.on(DAY).model("acme/large").input_usd_per_mtok == 2
    assert discounted.on(date(2027, 5, 1)).model("acme/large").input_usd_per_mtok == Decimal("1.7")
    assert discounted.change_days() == [date(2027, 5, 1)]


def test_a_price_that_has_ended_is_not_brought_back_by_a_discount() -> None:
    base = book(model_price(effective_to=date(2026, 2, 1)))
    assert inputs(base, discount()) == [("2026-01-01", Decimal("2"), "shipped")]


def test_a_discount_for_ever_is_one() -> None:
    discounted = with_discounts(book(), discount(effective_to="9999-12-31"))
    assert discounted.on(date(2099, 1, 1)).model("acme/large").input_usd_per_mtok == Decimal("1.7")
    assert discounted.change_days() == [date(2026, 3, 1)]


def test_a_later_row_of_the_same_discount_takes_over() -> None:
    # 2 x 0.85 = 1.7, then 2 x 0.75 = 1.5
    later = discount(share_off="0.25", effective_from="2026-05-01")
    assert inputs(book(), discount(), later) == [
        ("2026-01-01", Decimal("2"), "shipped"),
        ("2026-03-01", Decimal("1.7"), "acme-corp"),
        ("2026-05-01", Decimal("1.5"), "acme-corp"),
    ]


# --- which discount


def test_the_most_specific_discount_wins_and_no_two_add_up() -> None:
    # 2 x 0.9, then for the wildcard's days 2 x 0.8, then for the model's days 2 x 0.7, and back
    periods = inputs(
        book(),
        discount("vendor: Acme", "0.1", id="a", effective_from="2026-02-01"),
        discount("model: acme/*", "0.2", id="b", effective_from="2026-03-01", effective_to="2026-05-31"),
        discount("model: acme/large", "0.3", id="c", effective_from="2026-04-01", effective_to="2026-04-30"),
    )
    assert [(first, usd) for first, usd, _ in periods] == [
        ("2026-01-01", Decimal("2")),
        ("2026-02-01", Decimal("1.8")),
        ("2026-03-01", Decimal("1.6")),
        ("2026-04-01", Decimal("1.4")),
        ("2026-05-01", Decimal("1.6")),
        ("2026-06-01", Decimal("1.8")),
    ]


def test_a_discount_behind_a_more_specific_one_cuts_no_row() -> None:
    assert len(inputs(book(), discount("model: acme/large"), discount("vendor: Acme", "0.5", id="b"))) == 2


def test_no_share_off_makes_an_exception_from_a_wider_discount() -> None:
    base = book(model_price(), model_price(id="acme/small"))
    discounted = with_discounts(base, discount(), discount("model: acme/large", "0", id="not-this"))
    assert discounted.on(DAY).model("acme/small").input_usd_per_mtok == Decimal("1.7")
    row = discounted.on(DAY).model("acme/large")
    assert (row.input_usd_per_mtok, row.layer, row.note) == (Decimal("2"), "shipped", "")


def test_only_the_named_vendor_and_tables_are_discounted() -> None:
    base = book(model_price(), model_price(id="other/large", vendor="Other"), tuned_price())
    prices = with_discounts(base, discount(applies_to="[finetunes]")).on(DAY)
    assert prices.model("acme/large").layer == "shipped"
    assert prices.model("other/large").layer == "shipped"
    assert prices.tuned(tuned_price().id).layer == "acme-corp"


def test_two_equally_specific_discounts_on_the_same_days_are_an_error() -> None:
    first = discount(id="a", effective_to="2026-06-30")
    (error,) = errors(book(), first, discount(id="b", effective_from="2026-06-30"))
    assert error == (
        "acme-corp/discounts.yaml:8: b: as specific as acme-corp/discounts.yaml:1, "
        "and both lower 'acme/large' on the same days (end or remove one)"
    )
    assert len(inputs(book(), first, discount(id="b", effective_from="2026-07-01"))) == 3


def test_two_commitments_for_the_same_vendor_are_an_error() -> None:
    ladder = [
        discount(id="a", committed_usd_per_month=100_000),
        discount(id="b", share_off="0.2", committed_usd_per_month=500_000),
    ]
    (error,) = errors(book(), *ladder)
    assert "b: as specific as acme-corp/discounts.yaml:1" in error


def test_two_wildcards_that_share_no_row_are_no_error() -> None:
    base = book(model_price(), model_price(id="acme/small"))
    discounted = with_discounts(base, discount("model: acme/l*", id="a"), discount("model: acme/s*", id="b"))
    assert discounted.on(DAY).model("acme/small").layer == "acme-corp"


# --- what it lowers


def test_every_price_of_an_offer_is_lowered_and_nothing_else() -> None:
    rates: dict[str, Any] = {
        "input_usd_per_mtok": 2,
        "cached_input_usd_per_mtok": 0.2,
        "cache_write_usd_per_mtok": 2.5,
        "cache_write_1h_usd_per_mtok": 4,
        "output_usd_per_mtok": 10,
        "reasoning_usd_per_mtok": 12,
    }
    plain: dict[str, Any] = decimals({name: Decimal(repr(usd)) for name, usd in rates.items()})
    cliff = context_tier(1000, **rates)
    row = model_price(
        **rates,
        usd_per_1k_requests=8,
        context_tiers=(cliff,),
        service_tiers=ServiceTiers(batch=Tiered(**plain, context_tiers=(cliff,))),
        windows=(Window(**plain, from_utc="00:30", to_utc="16:30", context_tiers=(cliff,)),),
        min_cacheable_tokens=1024,
        note="as seen",
    )
    lowered = with_discounts(book(row), discount(share_off="0.25")).on(DAY).model("acme/large")
    # three quarters of each
    expected = {
        "input_usd_per_mtok": Decimal("1.5"),
        "cached_input_usd_per_mtok": Decimal("0.15"),
        "cache_write_usd_per_mtok": Decimal("1.875"),
        "cache_write_1h_usd_per_mtok": Decimal("3"),
        "output_usd_per_mtok": Decimal("7.5"),
        "reasoning_usd_per_mtok": Decimal("9"),
    }
    batch, window = lowered.service_tiers.batch, lowered.windows[0]
    assert batch is not None
    everywhere: list[Rates] = [lowered, batch, window]
    everywhere += [*lowered.context_tiers, *batch.context_tiers, *window.context_tiers]
    assert len(everywhere) == 6
    for part in everywhere:
        assert {name: getattr(part, name) for name in rates} == expected
    assert lowered.usd_per_1k_requests == 6
    assert (lowered.context_tiers[0].above_prompt_tokens, lowered.min_cacheable_tokens) == (1000, 1024)
    assert (window.from_utc, lowered.evidence, lowered.checked_on) == ("00:30", row.evidence, row.checked_on)


def test_training_and_hosting_of_a_tuned_model_are_lowered() -> None:
    row = tuned_price(training_usd_per_mtok=20, hosting_usd_per_hour=1.7)
    lowered = with_discounts(book(row), discount()).history(TunedPrice, row.id)[-1]
    assert (lowered.training_usd_per_mtok, lowered.hosting_usd_per_hour) == (Decimal("17"), Decimal("1.445"))


def test_an_hour_of_a_gpu_can_be_discounted() -> None:
    offer = GpuOffer(
        id="acme/g1",
        vendor="Acme",
        gpu="g1",
        usd_per_gpu_hour=Decimal("2"),
        effective_from=date(2026, 1, 1),
        source="https://example.com",
        checked_on=date(2026, 1, 1),
    )
    discounted = with_discounts(book(offer), discount(applies_to="[gpu_offers]"))
    assert discounted.history(GpuOffer, "acme/g1")[-1].usd_per_gpu_hour == Decimal("1.7")


@given(
    usd=st.decimals(min_value="0.000001", max_value="99999", places=12),
    share=st.decimals(min_value="0.000001", max_value="0.999999", places=6),
)
def test_a_discount_is_exact_to_the_last_digit(usd: Decimal, share: Decimal) -> None:
    row = model_price(input_usd_per_mtok=usd)
    lowered = with_discounts(book(row), discount(share_off=f"{share:f}")).on(DAY).model("acme/large")
    # The same in whole numbers of 1e-18 USD: 12 places of the price, 6 of the share.
    assert lowered.input_usd_per_mtok.scaleb(18) == int(usd.scaleb(12)) * (10**6 - int(share.scaleb(6)))


def test_a_price_of_more_digits_than_decimals_usually_keep_is_exact_too() -> None:
    usd = Decimal("1.23456789012345678901234567890123456789")
    discounted = with_discounts(book(model_price(input_usd_per_mtok=usd)), discount(share_off="0.5"))
    assert str(discounted.on(DAY).model("acme/large").input_usd_per_mtok).startswith(
        "0.617283945061728394506172839450617283945"
    )


def test_a_discounted_row_says_which_discount_and_which_commitment() -> None:
    base = book(model_price(note="as seen"))
    deal = discount(id="enterprise-2026", committed_usd_per_month=100000, share_off="0.125")
    row = with_discounts(base, deal).on(DAY).model("acme/large")
    assert row.note == (
        "as seen; 12.5 % off by discount 'enterprise-2026' (acme-corp), "
        "under a commitment of 100,000 USD per month"
    )
    assert row.source.endswith("; discount 'enterprise-2026': contract 7")
    assert row.ref == "acme/large @ 2026-03-01"


# --- what is refused


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            discount("vendor: acme"),
            ":1: deal: vendor: 'acme' is in none of models, finetunes; did you mean 'Acme'?",
        ),
        (
            discount("model: acme/lareg"),
            ":1: deal: model: 'acme/lareg' is in none of models, finetunes; did you mean 'acme/large'?",
        ),
        (discount("model: nobody/*"), ":1: deal: model: 'nobody/*' is in none of models, finetunes"),
        (
            discount(applies_to="[embeddings]"),
            ":1: deal: vendor: 'Acme' is in none of embeddings; it stands in models, finetunes "
            "(name that in applies_to)",
        ),
        (discount(share_off="15"), ":3: deal: share_off: 15 is too large (a share is below 1: 0.15 is 15 %)"),
        (discount(share_off="1"), ":3: deal: share_off: 1 is too large"),
        (discount(share_off="-0.1"), ":3: deal: share_off: -0.1 is too small"),
        (discount(share_off="'0.1'"), ":3: deal: share_off: '0.1' is not a number"),
        (discount(share_off="0.1234567"), ":3: deal: share_off: '0.1234567': "),
        (discount(share_off=".nan"), ":3: '.nan' is not a finite number"),
        (
            discount("vendor: Acme\n  model: acme/large"),
            ":1: deal: row: give exactly one of vendor and model (two targets are two discounts)",
        ),
        (discount("note: both missing"), ":1: deal: row: give exactly one of vendor and model"),
        (discount("vendro: Acme"), ":2: deal: vendro: unknown field; did you mean 'vendor'?"),
        (discount(applies_to="[electricity]"), ":5: deal: applies_to.0: 'electricity': "),
        (discount(applies_to="[]"), ":1: deal: row: applies_to: names no table"),
        (discount(effective_to="2026-02-01"), ":1: deal: row: effective_to: before effective_from"),
        (discount(evidence="published"), ":5: deal: evidence: 'published': "),
        (discount().replace("checked_on: 2026-02-01", "checked_on: 2026-11-23"), ":6: deal: checked_on: "),
        (discount().replace("  source: contract 7\n", ""), ":1: deal: source: missing"),
    ],
    ids=lambda text: text.strip()[:60],
)
def test_a_faulty_discount_is_refused_with_its_line(text: str, error: str) -> None:
    reported = errors(book(), text)
    assert any(line.startswith(f"acme-corp/discounts.yaml{error}") for line in reported), reported


def test_a_discount_written_twice_is_an_error() -> None:
    (reported,) = errors(book(), discount(), discount())
    assert "deal: the same id and day as acme-corp/discounts.yaml:1" in reported


def test_a_discount_lowers_the_companys_own_rows_too() -> None:
    texts = {"discounts.yaml": discount(), "models.yaml": OWN_ROW}
    row = layered(book(), texts, "acme-corp", DAY).on(DAY).model("acme/own")
    assert (row.input_usd_per_mtok, row.layer) == (Decimal("3.4"), "acme-corp")


def test_a_discount_for_a_row_that_is_faulty_itself_is_no_second_error() -> None:
    texts = {"discounts.yaml": discount("model: acme/own"), "models.yaml": OWN_ROW.replace("4", "-4")}
    with pytest.raises(CrossoverError) as error:
        layered(book(), texts, "acme-corp", DAY)
    (line,) = str(error.value).splitlines()
    assert line.startswith("acme-corp/models.yaml:6: acme/own: input_usd_per_mtok: -4 is too small")


OWN_ROW = """\
- id: acme/own
  vendor: Acme
  name: own
  tokenizer: o200k_base
  effective_from: 2026-01-01
  input_usd_per_mtok: 4
  output_usd_per_mtok: 20
  source: contract 7
  checked_on: 2026-01-01
"""


# --- the schema


def test_the_schema_of_discounts_is_that_of_its_rows() -> None:
    shipped = (SHIPPED / "schema" / "discounts.json").read_text(encoding="utf-8")
    assert shipped == schema_of("discounts"), "run: python -m pricing schema"


def test_the_schema_takes_a_discount_and_refuses_one_of_two_targets() -> None:
    validator = Draft202012Validator(json.loads(schema_of("discounts")))
    row: dict[str, object] = {
        "id": "deal",
        "vendor": "Acme",
        "share_off": 0.15,
        "effective_from": "2026-03-01",
        "source": "contract 7",
        "checked_on": "2026-02-01",
    }
    assert list(validator.iter_errors([row])) == []
    for slip in ({"model": "acme/large"}, {"share_off": 15}, {"colour": "red"}):
        assert list(validator.iter_errors([{**row, **slip}])) != [], slip


def test_rows_without_a_discount_are_left_as_they_are() -> None:
    other: Fact = model_price(id="other/large", vendor="Other")
    discounted = with_discounts(book(model_price(), other), discount())
    assert discounted.history(ModelPrice, "other/large") == (other,)
