"""Commands in this process, with folders, keyring and language of their own."""

import logging
import shutil
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import keyring
import pytest
from support.commands import Ran, Run
from support.keyrings import MemoryKeyring

from inkdesk.__main__ import main
from inkdesk.application import text
from inkdesk.bootstrap import open_studio, store_sample


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Nothing of this computer's user is read or written, and the language is English."""
    home = tmp_path / "home"
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    level = logging.getLogger().level
    yield home
    logging.getLogger().setLevel(level)
    text.install(NullTranslations(), text.PlainFormats(), "en")


@pytest.fixture(autouse=True)
def secrets() -> Iterator[MemoryKeyring]:
    """A keyring that keeps secrets, as the system's."""
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``inkdesk`` with these arguments."""

    def run_it(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(arguments)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run_it


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the practice studio's data as of now."""
    file = tmp_path_factory.mktemp("sample") / "sample.db"
    opened = open_studio(f"sqlite:///{file}")
    store_sample(opened)
    opened.close()
    return file


@pytest.fixture
def sample_file(sample_template: Path, tmp_path: Path) -> Path:
    """The practice studio in a file of its own."""
    file = tmp_path / "sample.db"
    shutil.copy(sample_template, file)
    return file


@pytest.fixture
def sample(run: Run, sample_file: Path) -> Run:
    """Run ``inkdesk`` with these arguments on the practice studio."""

    def run_there(*arguments: str) -> Ran:
        return run(*arguments, "--database", f"sqlite:///{sample_file}")

    return run_there
