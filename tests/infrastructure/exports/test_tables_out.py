"""What is written can be read back, and nothing of it runs."""

import csv
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.application.progress import Progress
from inkdesk.application.tables_out import Cell, Table, safe_text
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.money import Money
from inkdesk.infrastructure.exports import xlsx_file
from inkdesk.infrastructure.exports.table_file import write_table

PARIS = ZoneInfo("Europe/Paris")
FORMULA_SIGNS = set("=+-@")
SIGNS = "=+-@\t\r\n＝＋－＠ \"';|,\u200b\ufeffa1"
TEXTS = st.one_of(st.text(SIGNS, max_size=12), st.text(max_size=30))


def a_table(*rows: list[Cell]) -> Table:
    width = len(rows[0]) if rows else 1
    return Table(title="Ledger", headings=[f"Column {n}" for n in range(width)], rows=rows, zone=PARIS)


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))[1:]


def could_run(text: str) -> bool:
    """Whether a spreadsheet could see a formula; said in another way than the program does."""
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    for sign in ",;|\t\r\n":
        text = text.replace(sign, "\x1f")
    for part in text.split("\x1f"):
        inner = re.sub('^[ \u200b\ufeff"`´‘’“”„«»]+', "", part)
        if inner and unicodedata.normalize("NFKC", inner[0]) in FORMULA_SIGNS:
            return True
    return False


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "  =1", '"=1', "' =1", "\ttab",
     "Kim;=1", 'Kim";"=1', "a\n-b", "−5", "\ufeff=1", "\u200b=1", "“=1"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_text_is_a_formula(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / f"out.{kind}"
    assert write_table(path, a_table([text]), Progress())
    if kind == "csv":
        [[found]] = csv_rows(path)
    else:
        cell = openpyxl.load_workbook(path).worksheets[0]["A2"]
        assert cell.data_type == "s"
        found = str(cell.value)
    assert found.count("'") > text.count("'")
    assert not could_run(found)


@pytest.mark.parametrize("text", ["Kim", "O'Neil", "Jean-Luc", "a = b", "1-2", "Kim & Zoë, 2 + 2", "“Rose”", ""])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert safe_text(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("write to kim.o+x@example.co.uk soon", "write to […] soon"),
        ("https://checkout.stripe.com/c/pay/cs_test_1#frag", "[…]"),
        ("see http://127.0.0.1:1/c/pay/cs_1 now", "see […] now"),
        ("WWW.Example.com", "[…]"),
        ("mail/kim@example.org", "mail/[…]"),
        (f"{'x' * 90}@example.org", "[…]"),
        ("paid at checkout.stripe.com/c/pay/cs_1 and buy.stripe.com", "paid at […] and […]"),
        ("the key is rk_live_abc123, he said", "the key is […], he said"),
    ],
)
def test_addresses_and_links_stay_inside(text: str, kept: str) -> None:
    assert safe_text(text) == kept


def test_numbers_and_dates_stay_numbers_and_dates(tmp_path: Path) -> None:
    at = datetime(2026, 7, 1, 22, 30, 5, 700_000, tzinfo=UTC)
    row: list[Cell] = [Money(-1250, "EUR"), Money(500, "JPY"), Money(1234567, "KWD"), at, date(2026, 7, 1), -3, None]
    for kind in ("csv", "xlsx"):
        assert write_table(tmp_path / f"out.{kind}", a_table(row), Progress())
    [cells] = csv_rows(tmp_path / "out.csv")
    assert cells == ["-12.50", "500", "1234.567", "2026-07-02 00:30:05", "2026-07-01", "-3", ""]
    raw = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert raw.startswith("-12.50,500,1234.567,")
    found = [cell.value for cell in openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0][2]]
    local = datetime(2026, 7, 2, 0, 30, 5)  # noqa: DTZ001 - a spreadsheet knows no zone
    day = datetime(2026, 7, 1)  # noqa: DTZ001 - as above
    assert found == [-12.5, 500, 1234.567, local, day, -3, None][: len(found)]


@given(st.lists(st.tuples(TEXTS, st.integers(-(10**11), 10**11), st.integers(0, 4_000_000_000)), max_size=8))
def test_what_is_written_is_read_back(rows: list[tuple[str, int, int]]) -> None:
    cells: list[list[Cell]] = [
        [text, Money(minor, "EUR"), datetime.fromtimestamp(at, UTC), minor] for text, minor, at in rows
    ]
    with TemporaryDirectory() as folder:
        for kind in ("csv", "xlsx"):
            assert write_table(Path(folder) / f"out.{kind}", a_table(*cells), Progress())
        by_csv = csv_rows(Path(folder) / "out.csv")
        book = openpyxl.load_workbook(Path(folder) / "out.xlsx")
        by_xlsx = list(book.worksheets[0].iter_rows(min_row=2, values_only=True)) if rows else []
        book.close()
    assert len(by_csv) == len(by_xlsx) == len(rows)
    for (text, minor, at), seen, shown in zip(rows, by_csv, by_xlsx, strict=True):
        local = datetime.fromtimestamp(at, PARIS).replace(tzinfo=None)
        assert not could_run(seen[0])
        assert seen == [safe_text(text), str(Money(minor, "EUR").decimal()), local.isoformat(" "), str(minor)]
        assert (shown[0] or "") == safe_text(text)
        assert Decimal(repr(shown[1])) == Decimal(minor) / 100
        assert shown[2:] == (local, minor)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_stopped_export_leaves_the_old_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"out.{kind}"
    path.write_text("old", encoding="utf-8")
    progress = Progress()
    progress.stop()
    assert write_table(path, a_table(["Kim"]), progress) is False
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_place_that_takes_no_file_is_told(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ValidationError, match="choose another place"):
        write_table(tmp_path / "missing" / f"out.{kind}", a_table(["Kim"]), Progress())
    (tmp_path / f"folder.{kind}").mkdir()
    with pytest.raises(ValidationError, match=r"folder\..* cannot be written"):
        write_table(tmp_path / f"folder.{kind}", a_table(["Kim"]), Progress())
    assert [one.name for one in tmp_path.iterdir()] == [f"folder.{kind}"]


def test_other_kinds_of_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"\.csv or \.xlsx"):
        write_table(tmp_path / "out.pdf", a_table(["Kim"]), Progress())


def test_too_many_lines_for_a_workbook_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 1)
    with pytest.raises(ValidationError, match="1 lines at most"):
        write_table(tmp_path / "out.xlsx", a_table(["Kim"], ["Zoë"]), Progress())


def test_progress_is_told() -> None:
    progress = Progress()
    rows: list[list[Cell]] = [["Kim"]] * 1200
    assert progress.percent is None
    with TemporaryDirectory() as folder:
        assert write_table(Path(folder) / "out.csv", a_table(*rows), progress)
    assert f"{progress.done} of {progress.total}: {progress.percent} %" == "1200 of 1200: 100 %"


@pytest.mark.parametrize(
    ("title", "name"),
    [("Ledger", "Ledger"), ("a[b]:c/d" + "e" * 40, "a b  c d" + "e" * 23), ("=1", "=1"), ("'", "InkDesk")],
)
def test_the_sheet_bears_the_title(tmp_path: Path, title: str, name: str) -> None:
    table = replace(a_table(["Kim"]), title=title)
    assert write_table(tmp_path / "out.xlsx", table, Progress())
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == [name]
