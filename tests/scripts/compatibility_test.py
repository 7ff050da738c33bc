"""Recorded cases that are left out of the comparison are those that docs/compatibility.md explains, in its words and order."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST_DELIBERATE = 9
DELIBERATE = "Deliberate differences"


def heading(line):
    """Level and text of a heading of the page ("## X"), or of one in known.txt ("# == X", "# -- X")."""
    mark, _, text = line.lstrip("# ").partition(" ") if re.match(r"# (==|--) ", line) else line.partition(" ")
    return {"##": 1, "==": 1, "###": 2, "--": 2}.get(mark), text


class Place:
    """The section and the chapter that a line stands in."""

    def __init__(self):
        self.section = self.chapter = ""

    def enter(self, line):
        level, text = heading(line)
        if level == 1:
            self.section, self.chapter = text, ""
        elif level == 2:
            self.chapter = text


def page_rows():
    """Rows of the page's tables: (section, chapter, what, [patterns])."""
    place, rows = Place(), []
    for line in (ROOT / "docs/compatibility.md").read_text(encoding="utf-8").splitlines():
        place.enter(line)
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if not line.startswith("| ") or cells[1] == "what":
            continue
        what = cells[1] if place.section == DELIBERATE else f"{cells[0]} {cells[1]}"
        rows.append((place.section, place.chapter, what, [] if cells[-1].startswith("none") else re.findall(r"`([^`]+)`", cells[-1])))
    return rows


def known_lines():
    """Lines of known.txt: (section, chapter, what, pattern)."""
    place, lines = Place(), []
    for line in (ROOT / "conformance/known.txt").read_text(encoding="utf-8").splitlines():
        place.enter(line)
        pattern, _, what = (part.strip() for part in line.partition("#"))
        if pattern:
            lines.append((place.section, place.chapter, what, pattern))
    return lines


class Compatibility(unittest.TestCase):
    def test_known_cases_are_those_of_the_page(self):
        self.maxDiff = None
        expected, seen = [], set()
        for section, chapter, what, patterns in page_rows():
            for pattern in patterns:
                if pattern not in seen:  # a case that two rows change stands under the first
                    expected.append((section, chapter, what, pattern))
                seen.add(pattern)
        self.assertGreater(len(expected), 0)
        self.assertEqual(known_lines(), expected)

    def test_deliberate_differences_are_few_numbered_and_have_a_reason(self):
        page = (ROOT / "docs/compatibility.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| (\d+) \| .* \| ([^|]+) \| [^|]+ \|$", page, re.MULTILINE)
        self.assertEqual([int(number) for number, _ in rows], list(range(1, len(rows) + 1)))
        self.assertLessEqual(len(rows), MOST_DELIBERATE)
        self.assertTrue(all(reason.strip() for _, reason in rows))
        self.assertEqual(len(rows), sum(section == DELIBERATE for section, *_ in page_rows()))


if __name__ == "__main__":
    unittest.main()
