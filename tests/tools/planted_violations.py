"""Proves every import contract: plants one violation of each in a copy of the package and wants it refused.

Run: ``python tests/tools/planted_violations.py``. Exit 0 if each planted import broke exactly its contract's rule.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLANTS = (
    ("Dependencies point inwards", "inkdesk/domain/money.py", "import inkdesk.application.changes"),
    ("The domain is standard library only", "inkdesk/domain/money.py", "import sqlalchemy"),
    ("The domain is standard library only", "inkdesk/domain/money.py", "import inkdesk.practice"),
    ("Use cases know no toolkit, database or payment library", "inkdesk/application/changes.py", "import stripe"),
    (
        "Use cases know no toolkit, database or payment library",
        "inkdesk/application/changes.py",
        "import inkdesk.practice",
    ),
    ("Infrastructure knows no window", "inkdesk/infrastructure/phone.py", "import PySide6.QtCore"),
    ("The practice Stripe imports nothing of ours", "inkdesk/practice/money.py", "import inkdesk.domain.money"),
    ("Workers and windows use no SDK", "inkdesk/ui/common/theme.py", "import sqlalchemy"),
    ("Feature folders do not know each other", "inkdesk/ui/booking/presenter/words.py", "import inkdesk.ui.calendar"),
    ("Feature folders do not know each other", "inkdesk/ui/palette/kinds.py", "import inkdesk.ui.calendar.words"),
    ("Feature folders do not know each other", "inkdesk/ui/keys/dialog.py", "import inkdesk.ui.palette.kinds"),
    ("Presenters and the layout are free of Qt", "inkdesk/ui/calendar/layout.py", "import PySide6.QtCore"),
    ("Presenters and the layout are free of Qt", "inkdesk/ui/payments/ledger_reader.py", "import PySide6.QtCore"),
    ("The command line needs no window", "inkdesk/bootstrap.py", "import PySide6.QtCore"),
)


def broken_contracts(tree: Path) -> set[str]:
    """Names of the contracts that do not hold in ``tree``."""
    # -I and the working folder: the copy is linted, not the package that is installed.
    code = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports;"
        "sys.exit(lint_imports(no_cache=True))"
    )
    run = subprocess.run([sys.executable, "-I", "-c", code], cwd=tree, capture_output=True, text=True, check=False)
    if run.returncode not in {0, 1} or "Contracts: " not in run.stdout:
        raise SystemExit(f"import-linter did not run:\n{run.stdout}{run.stderr}")
    return set(re.findall(r"^(.*\S) BROKEN", run.stdout, flags=re.MULTILINE))


def main() -> int:
    """Plant, lint, restore; report what was not noticed."""
    contracts = re.findall(r'^name = "(.*)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    unproved = set(contracts[contracts.index(PLANTS[0][0]) :]) - {name for name, _, _ in PLANTS}
    missed = [f"no violation is planted for: {name}" for name in sorted(unproved)]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        shutil.copy(ROOT / "pyproject.toml", tree)
        shutil.copytree(ROOT / "inkdesk", tree / "inkdesk", ignore=shutil.ignore_patterns("__pycache__"))
        if before := broken_contracts(tree):
            raise SystemExit(f"broken before anything was planted: {before}")
        for name, place, line in PLANTS:
            file = tree / place
            text = file.read_text(encoding="utf-8")
            file.write_text(f"{text}\n{line}\n", encoding="utf-8")
            if name not in broken_contracts(tree):
                missed.append(f"not noticed: {line!r} in {place} ({name})")
            file.write_text(text, encoding="utf-8")
    print("\n".join(missed) or f"all {len(PLANTS)} contracts refuse a planted violation")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
