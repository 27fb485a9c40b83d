"""Write the help's pages of keys: ``python tests/tools/key_pages.py``.

Run it after a change of ``inkdesk/ui/common/actions.py`` or of its translations; a test compares.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support.key_pages import pages

if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
