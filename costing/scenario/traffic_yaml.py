"""The groups `traffic` and `outlook` of a scenario file: the months ahead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from i18n.message import message
from pricing.validation import Fault, Refused, refusal

from . import outlook as expectations
from .file_model import Checked, FileModel, changed_fields, number, one_of, short
from .outlook import Outlook
from .scenario import Limits
from .traffic import GIVEN, LIMITS, MONTH, MONTHS_OF_A_YEAR, S_CURVE, SHAPES, Traffic, gaps

_CURVE: Final = ("ceiling_multiple", "midpoint_month", "steepness_per_month")
_PLAIN: Final = Traffic()
_EXPECTED: Final = Outlook()


def _twelve_factors(value: Any) -> Any:
    if isinstance(value, list) and len(value) == MONTHS_OF_A_YEAR:
        return value
    raise refusal(message("not a list of twelve factors (January first)"))


def _some_months(value: Any) -> Any:
    if isinstance(value, dict) and value:
        return value
    raise refusal(message("not a group of lines such as '2026-11: 1000'"))


def _month(value: str) -> str:
    if MONTH.fullmatch(value):
        return value
    raise refusal(message("'{value}' is not a month (write 2026-11)", value=value))


def _without_gaps(months: dict[str, float]) -> dict[str, float]:
    missing = gaps(months)
    if missing:
        raise Refused(
            *(((), message("{month}: missing between two months (add it)", month=month)) for month in missing)
        )
    return dict(sorted(months.items()))


def _successors(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if isinstance(value, dict) and all(
        isinstance(row, str) and row and row != old for old, row in value.items()
    ):
        return value
    raise refusal(message("not a group of 'retiring row: row to move to' lines"))


def _within(limits: tuple[float, float]) -> Checked:
    return number(Limits(*limits))


Factors = Annotated[
    tuple[Annotated[float, _within(LIMITS["season_factor"])], ...],
    Field(strict=False, min_length=MONTHS_OF_A_YEAR, max_length=MONTHS_OF_A_YEAR),
    BeforeValidator(_twelve_factors),
]
Months = Annotated[
    dict[Annotated[str, AfterValidator(_month)], Annotated[float, _within(LIMITS["given_requests_per_day"])]],
    Field(json_schema_extra={"propertyNames": {"pattern": f"^{MONTH.pattern}$"}, "minProperties": 1}),
    BeforeValidator(_some_months),
    AfterValidator(_without_gaps),
]


class TrafficGroup(FileModel):
    """Traffic of the months ahead; left out, it grows by growth_share_per_month and has no seasons."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"shape": {"const": GIVEN}}, "required": ["shape"]},
            "then": {
                "properties": {"requests_per_day": {"type": "object"}},
                "required": ["requests_per_day"],
            },
        }
    )

    shape: Annotated[str, one_of(SHAPES)] = _PLAIN.shape
    """compound: by growth_share_per_month. s_curve: up to a ceiling. months: as requests_per_day says."""
    ceiling_multiple: Annotated[float, _within(LIMITS["ceiling_multiple"])] = _PLAIN.ceiling_multiple
    """S-curve: the traffic in the end, as a multiple of the first month's."""
    midpoint_month: Annotated[float, _within(LIMITS["midpoint_month"])] = _PLAIN.midpoint_month
    """S-curve: months until it is steepest."""
    steepness_per_month: Annotated[float, _within(LIMITS["steepness_per_month"])] = _PLAIN.steepness_per_month
    """S-curve: the rate of the logistic function."""
    requests_per_day: Months | None = None
    """Month, as 2026-11, to requests per day. After the last month its value holds."""
    season_factors: Factors | None = None
    """January to December; only their ratios count, and not for months that are given."""

    @classmethod
    def more_faults(cls, value: Mapping[str, Any]) -> Iterable[Fault]:
        if value.get("shape") == GIVEN and value.get("requests_per_day") is None:
            yield (
                ("requests_per_day",),
                message("missing (add a line such as '2026-11: 1000' for each month)"),
            )

    def traffic(self) -> Traffic:
        return Traffic(
            self.shape,
            **{name: getattr(self, name) for name in _CURVE},
            given=self.requests_per_day or {},
            season_factors=self.season_factors or (),
        )

    @classmethod
    def of(cls, traffic: Traffic) -> Self:
        """With what differs from compound growth without seasons."""
        written = dict(changed_fields(traffic, _PLAIN, ("shape", *_CURVE)))
        if traffic.shape == S_CURVE:
            written |= {name: getattr(traffic, name) for name in _CURVE}
        written = {name: short(value) for name, value in written.items()}
        months = {month: short(value) for month, value in traffic.given.items()}
        factors = tuple(short(factor) for factor in traffic.season_factors)
        return cls.written(**written, requests_per_day=months or None, season_factors=factors)


def _share(name: str) -> Checked:
    return _within(expectations.LIMITS[name])


class OutlookGroup(FileModel):
    """What is expected of the years ahead; prices that are announced need no assumption."""

    api_price_drift_share_per_year: Annotated[float, _share("api_price_drift_share_per_year")] = 0
    """Change of the prices of hosted models: -0.2 is 20 % less a year."""
    rent_drift_share_per_year: Annotated[float, _share("rent_drift_share_per_year")] = 0
    """Change of GPU rents."""
    purchase_drift_share_per_year: Annotated[float, _share("purchase_drift_share_per_year")] = 0
    """Change of the prices of servers that are bought later."""
    staff_drift_share_per_year: Annotated[float, _share("staff_drift_share_per_year")] = 0
    """Change of the cost of staff."""
    electricity_drift_share_per_year: Annotated[float, _share("electricity_drift_share_per_year")] = 0
    """Change of the price of a kilowatt-hour."""
    room_drift_share_per_year: Annotated[float, _share("room_drift_share_per_year")] = 0
    """Change of the cost of colocation."""
    licence_drift_share_per_year: Annotated[float, _share("licence_drift_share_per_year")] = 0
    """Change of the cost of licences."""
    discount_rate_share_per_year: Annotated[float, _share("discount_rate_share_per_year")] = (
        _EXPECTED.discount_rate_share_per_year
    )
    """The rate at which a company discounts later payments."""
    successors: Annotated[
        dict[str, str],
        Checked(
            _successors,
            {"type": ["object", "null"], "additionalProperties": {"type": "string", "minLength": 1}},
        ),
    ] = Field(default_factory=dict)
    """Id of a price row that retires, to the id of the row to move to."""

    def outlook(self) -> Outlook:
        return Outlook(**{name: getattr(self, name) for name in OutlookGroup.model_fields})

    @classmethod
    def of(cls, outlook: Outlook) -> Self:
        """With what differs from the defaults."""
        shares = changed_fields(outlook, _EXPECTED, expectations.LIMITS)
        written = {name: short(value) for name, value in shares}
        return cls.written(**written, successors=dict(outlook.successors) or None)
