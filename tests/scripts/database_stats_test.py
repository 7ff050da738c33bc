"""`pg-stat` and `mysql-stat` on what real servers export: PostgreSQL with pg_stat_statements and MariaDB with the performance
schema run a small workload, their statistics are exported in every form that docs/database-stats.md shows, and read back."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from database_servers import Unavailable, mariadb, postgres  # noqa: E402

BINARY = os.environ.get("PERF_SENTINEL", str(ROOT / "build/release/perf-sentinel"))
CALLS = 12

POSTGRES_WORKLOAD = """
CREATE EXTENSION pg_stat_statements;
CREATE TABLE orders (id int PRIMARY KEY, note text, "Total" numeric);
INSERT INTO orders SELECT i, 'note ' || i, i FROM generate_series(1, 500) i;
""" + "".join(f"SELECT * FROM orders WHERE id = {i};\n" for i in range(CALLS)) + """
SELECT id,
       "Total"
  FROM orders -- a comment, with a comma
 WHERE note LIKE 'no"te%' OR note IN ('a', 'b', 'c');
CREATE TABLE snapshot AS SELECT s.*, d.datname FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid;
"""

MARIADB_WORKLOAD = """
CREATE DATABASE shop; USE shop;
CREATE TABLE orders (id int PRIMARY KEY, note varchar(50));
INSERT INTO orders SELECT seq, CONCAT('note ', seq) FROM seq_1_to_500;
""" + "".join(f"SELECT * FROM orders WHERE id = {i};\n" for i in range(CALLS)) + """
SELECT COUNT(*) FROM orders WHERE note = 'a';
SELECT COUNT(*) FROM orders WHERE note = 'b';
CREATE TABLE snapshot AS SELECT * FROM performance_schema.events_statements_summary_by_digest
  WHERE SCHEMA_NAME = 'shop' OR DIGEST_TEXT IS NULL;
SET sql_mode = '';
INSERT INTO snapshot (DIGEST_TEXT, COUNT_STAR, SUM_TIMER_WAIT, AVG_TIMER_WAIT) VALUES (NULL, 7, 7, 1);
"""

DIGEST_COLUMNS = ("SCHEMA_NAME", "DIGEST_TEXT", "COUNT_STAR", "SUM_TIMER_WAIT", "AVG_TIMER_WAIT", "SUM_ROWS_SENT",
                  "SUM_ROWS_EXAMINED", "SUM_NO_INDEX_USED")


def n_plus_one(statement):
    """Traces in which `statement % i` runs six times within one request."""
    return json.dumps([{"timestamp": f"2026-07-10T14:00:00.00{i}Z", "trace_id": "t", "span_id": f"s{i}", "service": "shop",
                        "type": "sql", "operation": "SELECT", "target": statement % i, "duration_us": 800,
                        "source": {"endpoint": "GET /orders", "method": "list"}} for i in range(6)])


class DatabaseStats(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, server):
        try:
            return self.enterContext(server)
        except Unavailable as e:
            self.skipTest(str(e))

    def save(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def report(self, command, export, *flags):
        run = subprocess.run([BINARY, command, "--input", export, "--format", "json", "--top-n", "1000", *flags],
                             capture_output=True, cwd=self.folder)
        self.assertEqual(run.returncode, 0, run.stderr.decode())
        return json.loads(run.stdout)

    def entries(self, command, export, *flags):
        """The entries of a report by template; checks that each ranking holds them all."""
        report = self.report(command, export, *flags)
        for ranking in report["rankings"]:
            self.assertEqual(len(ranking["entries"]), report["total_entries"])
        return {e["normalized_template"]: e for e in report["rankings"][0]["entries"]}

    def test_postgresql(self):
        server = self.start(postgres(preload="pg_stat_statements"))
        server.sql(POSTGRES_WORKLOAD)
        copy = "\\copy (SELECT * FROM snapshot) TO STDOUT WITH (FORMAT %s, HEADER)\n"
        objects = server.sql("SELECT row_to_json(s) FROM snapshot s;\n", "-A", "-t")
        exports = {
            "csv": self.save("stat.csv", server.sql(copy % "csv")),
            "text": self.save("stat.txt", server.sql(copy % "text")),
            "lines": self.save("stat.ndjson", objects),
            "array": self.save("stat.json", server.sql("SELECT json_agg(s) FROM snapshot s;\n", "-A", "-t")),
        }
        read = {form: self.entries("pg-stat", path) for form, path in exports.items()}
        for form, entries in read.items():
            self.assertEqual(entries, read["csv"], form)

        stored = [json.loads(line) for line in objects.splitlines()]
        self.assertEqual(len(stored), self.report("pg-stat", exports["csv"])["total_entries"])
        told = {s["query"]: s for s in stored}
        loop = read["csv"]["SELECT * FROM orders WHERE id = $?"]
        row = told["SELECT * FROM orders WHERE id = $1"]
        self.assertEqual((loop["calls"], loop["rows"]), (CALLS, CALLS - 1))
        for ours, theirs in {"total_exec_time_ms": "total_exec_time", "mean_exec_time_ms": "mean_exec_time",
                             "shared_blks_hit": "shared_blks_hit", "shared_blks_read": "shared_blks_read"}.items():
            self.assertEqual(loop[ours], row[theirs], ours)
        self.assertEqual(loop["evidence"]["queryid"], str(row["queryid"]))
        self.assertEqual(loop["evidence"]["database"], "postgres")
        several_lines = [e for e in read["csv"].values() if "a comment, with a comma\n" in e["query"]]
        self.assertEqual([e["rows"] for e in several_lines], [0])

        traces = self.save("traces.json", n_plus_one("select *  from orders where id = %d"))
        marked = self.entries("pg-stat", exports["csv"], "--traces", traces)
        self.assertEqual([e["query"] for e in marked.values() if e["seen_in_traces"]], ["SELECT * FROM orders WHERE id = $1"])

    def test_mariadb(self):
        server = self.start(mariadb())
        server.sql(MARIADB_WORKLOAD)
        columns = ", ".join(DIGEST_COLUMNS)
        header = ", ".join(f"'{c}'" for c in DIGEST_COLUMNS)
        members = ", ".join(f"'{c}', {c}" for c in DIGEST_COLUMNS)
        server.sql(f"SELECT {header} UNION ALL SELECT {columns} FROM shop.snapshot INTO OUTFILE '{server.folder}/stat.csv' "
                   "FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY ''")
        objects = server.sql(f"SELECT JSON_OBJECT({members}) FROM shop.snapshot", "--batch", "--raw", "-N")
        exports = {
            "batch": self.save("stat.tsv", server.sql(f"SELECT {columns} FROM shop.snapshot", "--batch")),
            "csv": self.save("stat.csv", (server.folder / "stat.csv").read_bytes()),
            "lines": self.save("stat.ndjson", objects),
            "array": self.save("stat.json", b"[" + b",".join(objects.splitlines()) + b"]"),
        }
        read = {form: self.entries("mysql-stat", path) for form, path in exports.items()}
        for form, entries in read.items():
            self.assertEqual(entries, read["batch"], form)

        stored = {r["DIGEST_TEXT"]: r for r in map(json.loads, objects.splitlines())}
        self.assertIn(None, stored)
        self.assertEqual(len(read["batch"]), len(stored) - 1)
        digest = next(d for d in stored if d and d.startswith("SELECT * FROM"))
        loop, row = next(e for e in read["batch"].values() if e["query"] == digest), stored[digest]
        self.assertEqual((loop["schema_name"], loop["calls"], loop["rows_sent"]), ("shop", CALLS, CALLS - 1))
        self.assertEqual(loop["total_exec_time_ms"], row["SUM_TIMER_WAIT"] / 1e9)
        self.assertEqual(loop["mean_exec_time_ms"], row["AVG_TIMER_WAIT"] / 1e9)
        scans = self.report("mysql-stat", exports["batch"])["rankings"][4]
        self.assertEqual(scans["label"], "top by no_index_used")
        self.assertEqual(scans["entries"][0]["evidence"]["no_index_used"], 2)
        self.assertIn("COUNT", scans["entries"][0]["query"])

        traces = self.save("traces.json", n_plus_one("select * from orders where id=%d"))
        marked = self.entries("mysql-stat", exports["csv"], "--traces", traces)
        self.assertEqual([e["query"] for e in marked.values() if e["seen_in_traces"]], [digest])


if __name__ == "__main__":
    unittest.main()
