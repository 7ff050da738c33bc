"""Every file that a page of documentation names is in the tree, and what pages show of the demo data is what the program says of it."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("fuzz/*.md")])
ROOTS = (ROOT, ROOT / "src")  # paths are written from the root or from src/
BINARY = os.environ.get("PERF_SENTINEL", str(ROOT / "build/release/perf-sentinel"))
DEMO = "tests/data/demo_traces.json"
ANALYZE = f"analyze -i {DEMO} --format "
# Page, how the block begins, and the command that it shows; None: the block says it itself, after "$ perf-sentinel".
SHOWN = [
    ("README.md", "=== perf-sentinel demo ===", "demo"),
    ("docs/reports.md", "<!-- perf-sentinel report -->", ANALYZE + "markdown"),
    ("docs/reports.md", "<?xml ", ANALYZE + "junit"),
    ("docs/reports.md", "[\n  {\n    \"description\"", ANALYZE + "gitlab-codequality"),
    ("docs/reports.md", "$ perf-sentinel explain --input tests/data/", None),
]
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


def blocks_beginning(text, start):
    return [block for _, block in re.findall(r"^(```+)\S*\n(.*?)^\1$", text, re.DOTALL | re.MULTILINE) if block.startswith(start)]


def commands_of(block):
    """[(words, what is shown of the answer)] of a block in which each command stands after "$ perf-sentinel"."""
    parts = re.split(r"^\$ perf-sentinel (.*)\n", block, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2]))


def answer(words):
    run = subprocess.run([BINARY, *words.split()], cwd=ROOT, capture_output=True, check=True)
    return re.sub(r"(?m)( traces in )\d+ms$", r"\g<1>0ms", run.stdout.decode())


def follows(line, rest):
    """The lines of an answer behind the next one that `line` shows, in which "…" stands for anything; None when there is none."""
    wanted = re.compile(".*".join(map(re.escape, re.split(" ?…", line))))
    return next((rest[i + 1:] for i, candidate in enumerate(rest) if wanted.fullmatch(candidate)), None)


class Docs(unittest.TestCase):
    def test_what_is_shown_of_the_demo_is_what_the_program_says(self):
        for page, start, words in SHOWN:
            blocks = blocks_beginning((ROOT / page).read_text(encoding="utf-8"), start)
            self.assertEqual(len(blocks), 1, f"{page}: {start}")
            for command, shown in [(words, blocks[0])] if words else commands_of(blocks[0]):
                rest = answer(command).splitlines()
                for line in shown.splitlines():
                    if line.strip() in ("", "…"):
                        continue
                    rest = follows(line, rest)
                    self.assertIsNotNone(rest, f"{page}: perf-sentinel {command} does not say, or not there: {line}")

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
