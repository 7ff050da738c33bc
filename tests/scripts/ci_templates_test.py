"""The templates of examples/ci: their shape, their scripts, and what these do with the real program.

Shapes are held to schemas of our own (tests/data/ci); every perf-sentinel command line, commented ones included, is given to the
program; and the steps that install, analyse and judge are run here against a release made of that program.
"""

import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from schema_check import violations  # noqa: E402

try:
    import jsonschema  # noqa: F401
    import yaml
except ImportError:
    jsonschema = yaml = None

BINARY = os.environ.get("PERF_SENTINEL", str(ROOT / "build/release/perf-sentinel"))
CI = ROOT / "examples/ci"
GITHUB = CI / "github/perf-sentinel.yml"
GITLAB = CI / "gitlab/perf-sentinel.gitlab-ci.yml"
JENKINS = CI / "jenkins/Jenkinsfile"

VERSION = "0.1.0"
USAGE_ERROR = 2


def events(statement, count):
    """`count` statements of one request, `statement % i` each."""
    return [{"timestamp": f"2026-07-10T14:00:00.{i:03}Z", "trace_id": statement[:8], "span_id": f"s{i}", "service": "shop",
             "type": "sql", "operation": "SELECT", "target": statement % i, "duration_us": 800,
             "source": {"endpoint": "GET /orders", "method": "list"}} for i in range(count)]


CLEAN = [{**e, "target": "SELECT 1"} for e in events("SELECT %d", 1)]
CRITICAL = events("SELECT * FROM orders WHERE id = %d", 20)


def github():
    # YAML 1.1 reads the key `on` as true.
    document = yaml.safe_load(GITHUB.read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in document.items()}


def gitlab():
    return yaml.safe_load(GITLAB.read_text(encoding="utf-8"))


def github_step(name):
    return next(s for s in github()["jobs"]["perf-sentinel"]["steps"] if s.get("name") == name)


def jenkins_scripts():
    """The shell scripts of the Jenkinsfile, as Groovy hands them on: a backslash at a line's end joins lines."""
    text = JENKINS.read_text(encoding="utf-8")
    return [s.replace("\\\n", "") for s in re.findall(r"'''(.*?)'''", text, flags=re.S)]


def command_lines(text):
    """Every command line of perf-sentinel in a template, comments opened and continued lines joined."""
    text = re.sub(r"^(\s*)(#|//) ?", r"\1", text, flags=re.M)
    text = re.sub(r"\\\n\s*", "", text)
    for match in re.finditer(r"(?:^|[\s/])perf-sentinel ((?:analyze|diff|capture|report|--version)[^\n]*)", text):
        line = re.split(r" \|\| | > |'\s*$|\s{2,}'''", match[1])[0]
        yield re.sub(r"\$\{PERF_SENTINEL_CONFIG:\+([^}]*)\}", r"\1", line)


class Groovy:
    """As much of Groovy as tells brackets from strings and comments."""

    TOKENS = re.compile(r"//[^\n]*|/\*.*?\*/|'''.*?'''|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|[{}()\[\]]", re.S)
    CLOSES = {"}": "{", ")": "(", "]": "["}

    def __init__(self, text):
        self.blocks, self.unbalanced = [], []
        open_brackets = []
        for token in self.TOKENS.finditer(text):
            bracket = token[0]
            if bracket in "{([":
                open_brackets.append(bracket)
                if bracket == "{":
                    name = re.search(r"([A-Za-z]+)\s*(?:\(([^()]*)\))?\s*$", text[:token.start()])
                    self.blocks.append((len([b for b in open_brackets if b == "{"]), name[1] if name else "", name and name[2]))
            elif bracket in self.CLOSES and (not open_brackets or open_brackets.pop() != self.CLOSES[bracket]):
                self.unbalanced.append(text.count("\n", 0, token.start()) + 1)
        self.unbalanced += open_brackets


@unittest.skipIf(jsonschema is None, "python3-jsonschema and python3-yaml are not installed")
class Shape(unittest.TestCase):
    def schema(self, name):
        return json.loads((ROOT / "tests/data/ci" / name).read_text(encoding="utf-8"))

    def test_github_workflow_is_one(self):
        schema = self.schema("github-workflow.schema.json")
        self.assertEqual(violations(schema, github()), [])
        broken = github()
        broken["jobs"]["perf-sentinel"]["steps"][0]["uses"] = "actions/checkout@v4"
        self.assertTrue(violations(schema, broken))

    def test_github_actions_are_pinned_and_say_their_version(self):
        uses = re.findall(r"uses: (.*)", GITHUB.read_text(encoding="utf-8"))
        self.assertGreater(len(uses), 3)
        for line in uses:
            self.assertRegex(line, r"^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")

    def test_github_expressions_name_steps_that_exist(self):
        text = GITHUB.read_text(encoding="utf-8")
        ids = {s["id"] for s in github()["jobs"]["perf-sentinel"]["steps"] if "id" in s}
        self.assertEqual(set(re.findall(r"steps\.(\w+)\.", text)) - ids, set())
        outputs = set(re.findall(r"steps\.(\w+)\.outputs\.(\w+)", text))
        for step, name in outputs:
            run = next(s["run"] for s in github()["jobs"]["perf-sentinel"]["steps"] if s.get("id") == step)
            self.assertIn(f"{name}=", run)

    def test_gitlab_file_is_one(self):
        schema = self.schema("gitlab-ci.schema.json")
        document = gitlab()
        self.assertEqual(violations(schema, document), [])
        self.assertIn(document["perf-sentinel"]["stage"], document["stages"])
        del document["perf-sentinel"]["script"]
        self.assertTrue(violations(schema, document))

    def test_what_is_kept_is_what_the_scripts_write(self):
        artifacts = gitlab()["perf-sentinel"]["artifacts"]
        script = "\n".join(gitlab()["perf-sentinel"]["script"])
        for path in [*artifacts["paths"], *artifacts["reports"].values()]:
            self.assertIn(f"={path}", script)
        sarif = next(s for s in github()["jobs"]["perf-sentinel"]["steps"] if "upload-sarif" in s.get("uses", ""))
        self.assertIn("sarif=" + sarif["with"]["sarif_file"], github_step("Analyse")["run"])


class JenkinsShape(unittest.TestCase):
    def test_brackets_balance(self):
        self.assertEqual(Groovy(JENKINS.read_text(encoding="utf-8")).unbalanced, [])
        self.assertEqual(Groovy("a { b( [1 } ']'").unbalanced, [1, "{", "("])

    def test_a_declarative_pipeline_with_its_sections_and_stages(self):
        blocks = Groovy(JENKINS.read_text(encoding="utf-8")).blocks
        self.assertEqual([name for depth, name, _ in blocks if depth == 1], ["pipeline"])
        self.assertEqual([name for depth, name, _ in blocks if depth == 2], ["agent", "options", "environment", "stages", "post"])
        self.assertEqual([words for depth, name, words in blocks if depth == 3 and name == "stage"],
                         ["'Install'", "'Analyse'", "'Quality gate'"])
        self.assertEqual([name for depth, name, _ in blocks if depth == 4 and name != "expression"],
                         ["steps", "when", "steps", "when", "steps"])
        self.assertIn((3, "always", None), blocks)


class Scripts(unittest.TestCase):
    def test_shell_scripts_parse(self):
        scripts = jenkins_scripts()
        if yaml is not None:
            scripts += [s["run"] for s in github()["jobs"]["perf-sentinel"]["steps"] if "run" in s]
            scripts += ["\n".join(gitlab()["perf-sentinel"][part]) for part in ("before_script", "script")]
        self.assertGreaterEqual(len(scripts), 3)
        for script in scripts:
            run = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stderr), (0, ""), script)

    def test_every_command_line_is_one_that_the_program_takes(self):
        with tempfile.TemporaryDirectory() as folder:
            for template, commands in ((GITHUB, "capture analyze diff"), (GITLAB, "capture --version analyze diff"),
                                       (JENKINS, "--version capture analyze")):
                lines = list(command_lines(template.read_text(encoding="utf-8")))
                self.assertEqual([line.split()[0] for line in lines], commands.split(), template.name)
                for line in lines:
                    words = [w.replace("$PERF_SENTINEL_TRACES", "none.json").replace("$PERF_SENTINEL_CONFIG", "none.toml")
                             for w in shlex.split(line)]
                    run = subprocess.run([BINARY, *words], capture_output=True, text=True, cwd=folder, stdin=subprocess.DEVNULL)
                    self.assertNotEqual(run.returncode, USAGE_ERROR, f"{template.name}: {line}\n{run.stderr}")
                    self.assertNotIn("unexpected argument", run.stderr)


class Run(unittest.TestCase):
    """Folders as the three systems give them, with a release to download and traces to analyse."""

    @classmethod
    def setUpClass(cls):
        if yaml is None:
            raise unittest.SkipTest("python3-yaml is not installed")
        if shutil.which("curl") is None:
            raise unittest.SkipTest("curl is not installed")
        cls.releases = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
        cls.archive = f"perf-sentinel-{VERSION}-linux-{arch}.tar.gz"
        folder = cls.releases / f"v{VERSION}"
        folder.mkdir()
        with tarfile.open(folder / cls.archive, "w:gz", compresslevel=1) as tar:
            tar.add(BINARY, f"perf-sentinel-{VERSION}/bin/perf-sentinel")
        digest = hashlib.sha256((folder / cls.archive).read_bytes()).hexdigest()
        (folder / "SHA256SUMS.txt").write_text(f"{'0' * 64}  other.deb\n{digest}  {cls.archive}\n")

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.outputs = self.folder / "outputs"
        self.environment = {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "HOME": str(self.folder), "PERF_SENTINEL_VERSION": VERSION,
            "PERF_SENTINEL_RELEASES": self.releases.as_uri(), "PERF_SENTINEL_TRACES": "traces.json", "PERF_SENTINEL_CONFIG": "",
            "GITHUB_OUTPUT": str(self.outputs), "GITHUB_WORKSPACE": str(self.folder), "GITHUB_PATH": str(self.folder / "path"),
            "ARCHIVE": self.archive}

    def traces(self, events_of_it):
        (self.folder / "traces.json").write_text(json.dumps(events_of_it))

    def bash(self, script, **variables):
        return subprocess.run(["bash", "-e", "-c", script], capture_output=True, text=True, cwd=self.folder,
                              env={**self.environment, **variables})

    def json(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def spoil_release(self):
        broken = self.folder / "releases" / f"v{VERSION}"
        shutil.copytree(self.releases / f"v{VERSION}", broken)
        with open(broken / self.archive, "ab") as archive:
            archive.write(b"x")
        self.environment["PERF_SENTINEL_RELEASES"] = broken.parent.as_uri()

    # -- GitHub

    def install_on_github(self):
        for name in ("Download perf-sentinel", "Check and install it"):
            run = self.bash(github_step(name)["run"])
            if run.returncode != 0:
                return name
        return ""

    def github_outputs(self):
        return dict(line.split("=", 1) for line in self.outputs.read_text().splitlines())

    def judge_on_github(self, event):
        """Status and annotation of the gate, after the analysis and, for pull requests, the comparison."""
        self.assertEqual(self.bash(github_step("Analyse")["run"]).returncode, 0)
        if event == "pull_request":
            self.assertEqual(self.bash(github_step("Compare with the baseline")["run"]).returncode, 0)
        outputs = self.github_outputs()
        run = self.bash(github_step("Quality gate")["run"], GATE=outputs["gate"], NEW=outputs.get("new", ""), EVENT=event)
        return run.returncode, run.stdout.strip()

    def test_github_installs_and_writes_every_report(self):
        self.assertEqual(self.install_on_github(), "")
        self.traces(CRITICAL)
        self.assertEqual(self.judge_on_github("pull_request"), (1, "::error title=perf-sentinel::the quality gate failed"))
        self.assertEqual(self.json("perf-sentinel.sarif")["version"], "2.1.0")
        self.assertIs(self.json("perf-sentinel-report.json")["quality_gate"]["passed"], False)
        self.assertIn("n_plus_one_sql", (self.folder / "perf-sentinel-report.html").read_text(encoding="utf-8"))
        self.assertTrue((self.folder / "perf-sentinel-summary.md").read_text(encoding="utf-8").strip())

    def test_github_fails_a_pull_request_on_new_critical_findings_alone(self):
        self.assertEqual(self.install_on_github(), "")
        (self.folder / ".perf-sentinel.toml").write_text("[thresholds]\nn_plus_one_sql_critical_max = 9\nio_waste_ratio_max = 1.0\n")
        self.traces(CLEAN)
        self.assertEqual(self.judge_on_github("push"), (0, ""))
        self.assertEqual(self.bash(github_step("Save the baseline")["run"]).returncode, 0)
        self.assertEqual(self.judge_on_github("pull_request"), (0, ""))
        self.traces(CRITICAL)
        self.assertEqual(self.judge_on_github("pull_request"), (1, "::error title=perf-sentinel::there are new critical findings"))
        self.assertIn("new", (self.folder / "perf-sentinel-diff.txt").read_text(encoding="utf-8").lower())

    def test_github_only_warns_on_the_trunk(self):
        self.assertEqual(self.install_on_github(), "")
        self.traces(CRITICAL)
        self.assertEqual(self.judge_on_github("push"), (0, "::warning title=perf-sentinel::the quality gate failed"))

    def comment_on_github(self, existing):
        """Runs the step with a stand-in for GitHub's client that knows the comment `existing`; the calls that write."""
        client = self.folder / "bin/gh"
        client.write_text(f'#!/bin/sh\necho "$*" >> calls\ncase "$*" in *--paginate*) printf "{existing}" ;; esac\n')
        client.chmod(0o755)
        (self.folder / "calls").unlink(missing_ok=True)
        run = self.bash(github_step("Comment on the pull request")["run"], PULL_REQUEST="5", GITHUB_REPOSITORY="shop/orders")
        self.assertEqual(run.returncode, 0, run.stderr)
        return (self.folder / "calls").read_text().splitlines()[1:]

    def test_github_keeps_one_comment_with_what_is_new(self):
        self.assertEqual(self.install_on_github(), "")
        self.traces(CRITICAL)
        self.judge_on_github("push")
        self.assertEqual(self.comment_on_github(""),
                         ["api --method POST repos/shop/orders/issues/5/comments --field body=@comment.md --silent"])
        (self.folder / "perf-sentinel-diff.txt").write_text("one new finding\n")
        self.assertEqual(self.comment_on_github("42\\n43\\n"),
                         ["api --method PATCH repos/shop/orders/issues/comments/42 --field body=@comment.md --silent"])
        comment = (self.folder / "comment.md").read_text(encoding="utf-8")
        self.assertTrue(comment.startswith("<!-- perf-sentinel -->\n"))
        self.assertTrue(comment.endswith("### Against the baseline\n\n    one new finding\n"))

    def test_github_gives_no_verdict_without_traces(self):
        self.assertEqual(self.install_on_github(), "")
        self.assertNotEqual(self.bash(github_step("Analyse")["run"]).returncode, 0)

    def test_github_refuses_a_download_that_was_changed(self):
        self.spoil_release()
        self.assertEqual(self.install_on_github(), "Check and install it")

    # -- GitLab

    def run_on_gitlab(self, **variables):
        job = gitlab()["perf-sentinel"]
        install = [line for line in job["before_script"] if not line.startswith("apt-get ")]
        return self.bash("\n".join([*install, *job["script"]]), **{"CI_MERGE_REQUEST_IID": "", **variables}).returncode

    def test_gitlab_writes_every_report_and_ends_with_the_verdict(self):
        self.traces(CRITICAL)
        self.assertEqual(self.run_on_gitlab(), 1)
        quality = self.json("gl-code-quality-report.json")
        self.assertTrue(quality)
        self.assertLessEqual({"description", "fingerprint", "severity", "location"}, set(quality[0]))
        junit = xml.etree.ElementTree.parse(self.folder / "perf-sentinel-junit.xml").getroot()
        self.assertIn(junit.tag, ("testsuites", "testsuite"))
        self.traces(CLEAN)
        self.assertEqual(self.run_on_gitlab(), 0)

    def test_gitlab_compares_a_merge_request_with_the_default_branch(self):
        (self.folder / ".perf-sentinel.toml").write_text("[thresholds]\nn_plus_one_sql_critical_max = 9\nio_waste_ratio_max = 1.0\n")
        self.traces(CLEAN)
        self.assertEqual(self.run_on_gitlab(), 0)
        artifacts = self.folder / "api/projects/7/jobs/artifacts/main/raw"
        artifacts.mkdir(parents=True)
        shutil.copy(self.folder / "perf-sentinel-report.json", artifacts / "perf-sentinel-report.json")
        server = {"CI_MERGE_REQUEST_IID": "5", "CI_API_V4_URL": (self.folder / "api").as_uri(), "CI_PROJECT_ID": "7",
                  "CI_DEFAULT_BRANCH": "main", "CI_JOB_TOKEN": "x"}
        self.assertEqual(self.run_on_gitlab(**server), 0)
        self.traces(CRITICAL)
        self.assertEqual(self.run_on_gitlab(**server), 1)
        self.assertEqual(self.run_on_gitlab(**{**server, "CI_PROJECT_ID": "8"}), 0)  # no baseline yet

    def test_gitlab_ends_with_75_when_it_cannot_run(self):
        self.assertEqual(self.run_on_gitlab(), 75)
        self.environment["PERF_SENTINEL_RELEASES"] = (self.folder / "nowhere").as_uri()
        self.assertEqual(self.run_on_gitlab(), 75)

    def test_gitlab_refuses_a_download_that_was_changed(self):
        self.spoil_release()
        self.traces(CLEAN)
        status = self.run_on_gitlab()
        self.assertEqual(status, 4)
        for rule in gitlab()["perf-sentinel"]["rules"]:
            self.assertNotIn(status, rule["allow_failure"]["exit_codes"], rule)

    # -- Jenkins

    def test_jenkins_installs_and_writes_every_report(self):
        download, install, analyse = jenkins_scripts()
        for script in (download, install):
            run = self.bash(script)
            self.assertEqual(run.returncode, 0, run.stderr)
        self.traces(CRITICAL)
        self.assertEqual(self.bash(analyse).returncode, 1)
        self.assertEqual(self.json("perf-sentinel-results.sarif")["version"], "2.1.0")
        for name in ("perf-sentinel-report.json", "perf-sentinel-report.html", "perf-sentinel-junit.xml"):
            self.assertGreater((self.folder / name).stat().st_size, 0)
        self.traces(CLEAN)
        self.assertEqual(self.bash(analyse).returncode, 0)
        (self.folder / "traces.json").unlink()
        self.assertEqual(self.bash(analyse).returncode, 75)

    def test_jenkins_refuses_a_download_that_was_changed(self):
        self.spoil_release()
        download, install, _ = jenkins_scripts()
        self.assertEqual(self.bash(download).returncode, 0)
        self.assertNotEqual(self.bash(install).returncode, 0)


if __name__ == "__main__":
    unittest.main()
