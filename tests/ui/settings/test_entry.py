"""What people type into hours, web addresses and countries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.application.account_words import percent_words
from inkdesk.application.entry import (
    format_hours,
    format_styles,
    parse_hours,
    parse_percent,
    parse_region,
    parse_styles,
    parse_web_address,
)
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.hours import WallSpan
from inkdesk.domain.studio import Mode


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("10:00-13:00, 14:00-19:00", ((600, 780), (840, 1140))),
        ("14:00-19:00;10:00-13:00", ((600, 780), (840, 1140))),
        ("20:00-02:00", ((1200, 1560),)),
        ("00:00-24:00", ((0, 1440),)),
        ("22:00-00:00", ((1320, 1440),)),
        ("9-17", ((540, 1020),)),
        ("9h30 – 12h", ((570, 720),)),
        ("9am-5pm", ((540, 1020),)),
        ("12 PM - 12:30 PM", ((720, 750),)),
        ("9.30-12.00", ((570, 720),)),
        ("10:00-12:00,12:00-14:00", ((600, 720), (720, 840))),
        ("", ()),
        (" , ", ()),
    ],
)
def test_hours_are_understood(typed: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert parse_hours(typed) == tuple(WallSpan(*span) for span in spans)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ten to six", "are no hours"),
        ("10:00", "are no hours"),
        ("10:60-12:00", "are no hours"),
        ("25:00-26:00", "are no hours"),
        ("13pm-14pm", "are no hours"),
        ("10:00-13:00 14:00-19:00", "are no hours"),
        ("١٠:٠٠-١٣:٠٠", "are no hours"),
        ("10:00-10:00", "begins when it ends"),
        ("24:00-02:00", "begins when it ends"),
        ("10:00-14:00, 13:00-19:00", "overlap"),
        ("20:00-02:00, 22:00-23:00", "overlap"),
    ],
)
def test_what_are_no_hours_is_said_beside_the_field(typed: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse_hours(typed, "hours_3")
    assert refused.value.field == "hours_3"
    assert words in str(refused.value)


def day_of(edges: set[int], night_min: int) -> tuple[WallSpan, ...]:
    """Disjoint spans between neighbouring edges; the last one may reach ``night_min`` into the next day."""
    ordered = sorted(edges)
    spans = [WallSpan(one, other) for one, other in zip(ordered[::2], ordered[1::2], strict=False)]
    if spans and 0 < night_min < spans[-1].start_min:
        spans[-1] = WallSpan(spans[-1].start_min, 1440 + night_min)
    return tuple(spans)


@given(st.sets(st.integers(0, 1439), max_size=8), st.integers(0, 1439))
def test_hours_round_trip(edges: set[int], night_min: int) -> None:
    spans = day_of(edges, night_min)
    assert parse_hours(format_hours(spans)) == spans


@pytest.mark.parametrize(
    ("typed", "styles"),
    [
        ("fine line, blackwork", ("fine line", "blackwork")),
        (" Fine  line ;fine LINE,", ("Fine line",)),
        ("irezumi\nrealism", ("irezumi", "realism")),
        ("  , ;", ()),
        ("", ()),
    ],
)
def test_styles_are_understood(typed: str, styles: tuple[str, ...]) -> None:
    assert parse_styles(typed) == styles
    assert parse_styles(format_styles(styles)) == styles


@pytest.mark.parametrize("typed", ["https://studio.example/thanks", " https://studio.example/a?b=ç "])
def test_a_web_page_is_taken(typed: str) -> None:
    assert parse_web_address(typed, Mode.LIVE) == typed.strip()


@pytest.mark.parametrize(
    "typed", ["http://studio.example", "studio.example", "https://", "javascript:alert(1)", "https://[x", "https://a b"]
)
def test_what_is_no_safe_page_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse_web_address(typed, Mode.LIVE)
    assert refused.value.field == "success_url"


def test_practice_may_use_http_and_nobody_needs_a_page() -> None:
    assert parse_web_address("http://127.0.0.1:8000/paid", Mode.PRACTICE) == "http://127.0.0.1:8000/paid"
    assert parse_web_address("  ", Mode.LIVE) == ""


def test_countries_are_codes() -> None:
    assert parse_region(" fr ") == "FR"
    assert parse_region("") == ""
    for typed in ("France", "F1", "ÉÉ"):
        with pytest.raises(ValidationError):
            parse_region(typed)


def test_parts_are_percentages_with_a_point_or_a_comma() -> None:
    typed = ("", " % ", "0", "10", "12.5", "12,5 %", "7.05", "100")
    assert [parse_percent(one) for one in typed] == [None, None, 0, 1000, 1250, 1250, 705, 10000]
    for wrong in ("ten", "-1", "12.505", "1.2.3", ".5", "1000", "١٠"):
        with pytest.raises(ValidationError) as refused:
            parse_percent(wrong)
        assert refused.value.field == "fee"


def test_a_part_is_shown_as_it_is_read() -> None:
    for points in (0, 1, 10, 99, 100, 1000, 1250, 1005, 10000):
        assert parse_percent(percent_words(points)) == points
    assert percent_words(None) == ""
