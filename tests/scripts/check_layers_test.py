"""scripts/check_layers.py refuses what breaks the floors, and passes the tree as it is."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = """set(SENTINEL_ROOMS base model report cli)
set(sentinel_base_needs)
set(sentinel_model_needs base)
set(sentinel_report_needs model)
set(sentinel_cli_needs report)
"""


def run(root):
    done = subprocess.run([sys.executable, ROOT / "scripts" / "check_layers.py", root], capture_output=True, text=True)
    return done.returncode, done.stderr.splitlines()


def house(files, table=TABLE):
    """Verdict on a tree of {path: source} with the table above."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in {"cmake/rooms.cmake": table, **files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return run(root)


class CheckLayers(unittest.TestCase):
    def test_the_tree_as_it_is_passes(self):
        self.assertEqual(run(ROOT), (0, []))

    def test_downward_includes_pass_over_several_floors(self):
        self.assertEqual(house({"src/base/a.h": "", "src/cli/b.cpp": '#include <vector>\n#include "base/a.h"\n'}), (0, []))

    def test_an_upward_include_is_named_with_its_line(self):
        code, lines = house({"src/cli/a.h": "", "src/base/b.cpp": '\n#include "cli/a.h"\n'})
        self.assertEqual(code, 1)
        self.assertEqual(lines, ['src/base/b.cpp:2: base may not include cli ("cli/a.h")'])

    def test_a_planted_upward_include_in_a_copy_of_this_tree_is_found(self):
        files = {"cmake/rooms.cmake": (ROOT / "cmake/rooms.cmake").read_text(encoding="utf-8")}
        files |= {"src/base/planted.h": '#include "report/late.h"\n', "src/report/late.h": ""}
        code, lines = house(files, files["cmake/rooms.cmake"])
        self.assertEqual((code, len(lines)), (1, 1))
        self.assertIn("src/base/planted.h:1", lines[0])

    def test_main_sees_only_the_topmost_room(self):
        code, lines = house({"src/base/a.h": "", "src/cli/c.h": "", "src/main.cpp": '#include "cli/c.h"\n#include "base/a.h"\n'})
        self.assertEqual(lines, ['src/main.cpp:2: main.cpp may not include base ("base/a.h")'])
        self.assertEqual(code, 1)

    def test_headers_in_a_circle_are_found(self):
        code, lines = house({"src/base/a.h": '#include "base/b.h"\n', "src/base/b.h": '#include "base/a.h"\n'})
        self.assertEqual(lines, ["headers include each other in a circle: base/a.h -> base/b.h -> base/a.h"])
        self.assertEqual(code, 1)

    def test_a_relative_include_is_refused(self):
        code, lines = house({"src/base/a.h": "", "src/base/b.cpp": '#include "a.h"\n'})
        self.assertEqual(code, 1)
        self.assertIn('"a.h" is not a file of src/', lines[0])

    def test_a_folder_that_is_no_room_is_refused(self):
        self.assertEqual(house({"src/attic/a.cpp": ""}), (1, ["src/attic/a.cpp: src/attic is not a room of cmake/rooms.cmake"]))

    def test_a_room_that_needs_a_later_one_is_refused(self):
        code, lines = house({}, TABLE.replace("sentinel_base_needs)", "sentinel_base_needs cli)"))
        self.assertEqual((code, lines), (1, ["cmake/rooms.cmake: base needs cli, which is not listed before it"]))


if __name__ == "__main__":
    unittest.main()
