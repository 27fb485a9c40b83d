"""A fault of some PySide releases: each emit of a bool loses a reference to True, until the interpreter aborts."""

import sys

from PySide6.QtCore import QObject, Signal

EMITS = 100


class Switch(QObject):
    toggled = Signal(bool)


def test_emitting_true_loses_no_reference() -> None:
    switch, heard = Switch(), list[bool]()
    switch.toggled.connect(heard.append)
    before = sys.getrefcount(True)
    for _ in range(EMITS):
        switch.toggled.emit(True)
    assert heard == [True] * EMITS
    del heard[:]
    assert sys.getrefcount(True) >= before - EMITS // 10
