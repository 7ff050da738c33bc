#!/usr/bin/env python3
"""Every file that a page of documentation names is in the tree."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("fuzz/*.md")])
ROOTS = (ROOT, ROOT / "src")  # paths are written from the root or from src/
FOLDERS = [{p.name for p in base.iterdir() if p.is_dir()} - {"build", ".git"} for base in ROOTS]


def named_paths(text):
    """Paths in backticks that begin with a folder of the project; patterns and places to fill in are none."""
    for quoted in re.findall(r"`([^`\n]+)`", text):
        for word in quoted.split():
            word = word.rstrip(".,:;)")
            first, _, rest = word.partition("/")
            if not rest or re.search(r"[<*{$]", word):
                continue
            # Recorded cases are called detect/… and config/… too: below src/ only names with a suffix are taken for files.
            if first in FOLDERS[0] or (first in FOLDERS[1] and "." in rest):
                yield word


class Docs(unittest.TestCase):
    def test_named_files_exist(self):
        missing = [f"{page.relative_to(ROOT)}: {path}" for page in PAGES for path in named_paths(page.read_text(encoding="utf-8"))
                   if not any((base / path).exists() for base in ROOTS)]
        self.assertEqual(missing, [])

    def test_links_lead_somewhere(self):
        missing = []
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
                if "://" not in target and not (page.parent / target).exists():
                    missing.append(f"{page.relative_to(ROOT)}: {target}")
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
