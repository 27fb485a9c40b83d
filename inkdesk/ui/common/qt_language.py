"""Qt's own words (buttons of file dialogs, context menus of text fields) in the reader's language."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication


def install_qt_translator(app: QApplication, code: str) -> bool:
    """Load Qt's own catalogue of ``code`` ("en", "fr"), shipped with PySide6; False if there is none.

    Also makes ``code`` the language of Qt's date and number fields, with the territory of the system's locale
    where Qt knows that pair.
    """
    _set_locale(code)
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    is_loaded = translator.load(f"qtbase_{code}", folder)
    return is_loaded and app.installTranslator(translator)


def _set_locale(code: str) -> None:
    system = QLocale.system()
    language = QLocale(code).language()
    QLocale.setDefault(system if system.language() == language else QLocale(language, system.territory()))
