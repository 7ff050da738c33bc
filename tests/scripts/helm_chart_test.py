"""The Helm chart: its values are the documented ones, its schema is closed, and what it renders is what an operator may rely on.

Rendering needs helm 3 (HELM names it where it is not on the path); without it those tests say that they were skipped.
"""

import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/perf-sentinel"
BINARY = os.environ.get("PERF_SENTINEL", str(ROOT / "build/release/perf-sentinel"))
HELM = os.environ.get("HELM") or shutil.which("helm")

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = yaml = None

# Defaults that tests/data/deploy/helm_values.csv puts into words.
WORDED = {
    "workload.strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
    "workload.updateStrategy": {"type": "RollingUpdate"},
    "livenessProbe.httpGet": {"path": "/health", "port": "otlp-http"},
    "readinessProbe.httpGet": {"path": "/health", "port": "otlp-http"},
    "ingress.hosts": [{"host": "perf-sentinel.example.com", "paths": [{"path": "/", "pathType": "Prefix"}]}],
}
# Any text, or not there at all.
FREE = {"image.repository", "config.toml"}
UNSET = {"service.ports.otlpHttp.appProtocol", "global"}

CONFIG = '[daemon]\nlisten_address = "0.0.0.0"\n'
PERSISTENT = {"workload": {"kind": "StatefulSet", "statefulset": {"persistence": {"enabled": True}}}}


def documented():
    with open(ROOT / "tests/data/deploy/helm_values.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lookup(values, path):
    for part in path.split("."):
        values = values[part]
    return values


def leaves(values, prefix=""):
    for key, value in values.items():
        path = prefix + key
        if isinstance(value, dict) and value and path not in WORDED:
            yield from leaves(value, path + ".")
        else:
            yield path


def merged(base, more):
    """A copy of `base` with `more` laid over it, maps key by key."""
    out = dict(base)
    for key, value in more.items():
        out[key] = merged(out[key], value) if isinstance(value, dict) and isinstance(out.get(key), dict) else value
    return out


@unittest.skipIf(yaml is None, "python3-jsonschema and python3-yaml are not installed")
class Values(unittest.TestCase):
    def setUp(self):
        self.values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
        self.schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))

    def test_are_the_documented_ones_with_their_defaults(self):
        for row in documented():
            with self.subTest(key=row["key"]):
                if row["key"] in UNSET:
                    with self.assertRaises(KeyError):
                        lookup(self.values, row["key"])
                elif row["key"] in FREE:
                    self.assertTrue(lookup(self.values, row["key"]).strip())
                else:
                    expected = WORDED.get(row["key"], yaml.safe_load(row["default"]))
                    self.assertEqual(lookup(self.values, row["key"]), expected)

    def test_have_no_key_that_is_not_documented(self):
        self.assertEqual(sorted(set(leaves(self.values)) - {row["key"] for row in documented()}), [])

    def refused(self, more):
        jsonschema.Draft7Validator.check_schema(self.schema)
        return [e.message for e in jsonschema.Draft7Validator(self.schema).iter_errors(merged(self.values, more))]

    def test_defaults_pass_the_schema(self):
        self.assertEqual(self.refused({}), [])

    def test_every_documented_key_is_known_to_the_schema(self):
        for row in documented():
            schema = self.schema
            for part in row["key"].split("."):
                while "$ref" in schema:
                    schema = self.schema["definitions"][schema["$ref"].rpartition("/")[2]]
                schema = schema.get("properties", {}).get(part, schema.get("additionalProperties"))
                self.assertIsInstance(schema, dict, row["key"])

    def test_versions_are_the_programs(self):
        version = re.search(r"project\(perf-sentinel VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
        self.assertEqual((chart["version"], chart["appVersion"]), (version, version))
        for path in (ROOT / "deploy/collector").glob("*/compose.yaml"):
            self.assertEqual(set(re.findall(r"image: perf-sentinel/perf-sentinel:(\S+)", path.read_text(encoding="utf-8"))), {version}, path)

    def test_global_is_accepted(self):
        self.assertEqual(self.refused({"global": {"imageRegistry": "example"}}), [])

    def test_schema_refuses(self):
        for more in ({"replicas": 2}, {"workload": {"replica": 2}}, {"workload": {"replicas": -1}}, {"workload": {"kind": "Job"}},
                     {"image": {"repository": ""}}, {"image": {"pullPolicy": "Sometimes"}}, {"config": {"toml": ""}},
                     {"service": {"ports": {"otlpHttp": {"port": 0}}}}, {"service": {"ports": {"otlpHttp": {"port": 65536}}}},
                     {"livenessProbe": {"periodSecond": 3}}, {"securityContext": {"runAsRoot": True}},
                     {"serviceMonitor": {"interval": "15"}}, {"prometheusRule": {"scraperStaleSeconds": 0}},
                     {"podAnnotations": {"prometheus.io/scrape": True}},
                     {"ingress": {"hosts": [{"paths": [{"pathType": "Prefix"}]}]}},
                     {"workload": {"statefulset": {"persistence": {"accessModes": []}}}}):
            with self.subTest(more=more):
                self.assertTrue(self.refused(more))

    def test_schema_accepts_the_bounds(self):
        for more in ({"workload": {"replicas": 0}}, {"service": {"ports": {"otlpHttp": {"port": 65535}}}},
                     {"prometheusRule": {"scraperStaleSeconds": 1}}, {"podDisruptionBudget": {"minAvailable": "50%"}},
                     {"podDisruptionBudget": {"maxUnavailable": 0}}):
            with self.subTest(more=more):
                self.assertEqual(self.refused(more), [])


@unittest.skipIf(yaml is None, "python3-jsonschema and python3-yaml are not installed")
@unittest.skipIf(HELM is None, "helm is not installed: nothing is rendered")
class Rendered(unittest.TestCase):
    def helm(self, values, *arguments):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            yaml.safe_dump(values, file)
            file.flush()
            return subprocess.run([HELM, "template", "rel", str(CHART), "--kube-version", "1.29.0", "--namespace", "obs", "-f", file.name,
                                   *arguments], capture_output=True, text=True, timeout=60, check=False)

    def objects(self, values=None, *arguments):
        done = self.helm(values or {}, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = {}
        for document in yaml.safe_load_all(done.stdout):
            if document:
                key = (document["kind"], document["metadata"]["name"])
                self.assertNotIn(key, found)
                found[key] = document
        return found

    def workload(self, values=None):
        return next(o for (kind, _), o in self.objects(values).items() if kind in ("Deployment", "DaemonSet", "StatefulSet"))

    def config(self, values):
        return self.objects(values)["ConfigMap", "rel-perf-sentinel-config"]["data"]["perf-sentinel.toml"]

    def refuses(self, values, *words):
        done = self.helm(values)
        self.assertNotEqual(done.returncode, 0, done.stdout[-400:])
        for word in words:
            self.assertIn(word, done.stderr)

    # -- what is rendered

    def test_lint_has_nothing_to_say(self):
        done = subprocess.run([HELM, "lint", "--strict", str(CHART)], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_defaults_are_these_objects(self):
        self.assertEqual(sorted(self.objects()), [
            ("ConfigMap", "rel-perf-sentinel-config"), ("Deployment", "rel-perf-sentinel"), ("Job", "rel-perf-sentinel-test"),
            ("Service", "rel-perf-sentinel"), ("ServiceAccount", "rel-perf-sentinel")])

    def test_each_option_adds_its_object(self):
        for option, kind in (("ingress", "Ingress"), ("serviceMonitor", "ServiceMonitor"), ("prometheusRule", "PrometheusRule"),
                             ("podDisruptionBudget", "PodDisruptionBudget"), ("networkPolicy", "NetworkPolicy")):
            with self.subTest(option=option):
                added = self.objects({option: {"enabled": True}}).keys() - self.objects().keys()
                self.assertEqual(added, {(kind, "rel-perf-sentinel")})

    def test_pod_is_locked_down_and_can_write_tmp_only(self):
        spec = self.workload()["spec"]["template"]["spec"]
        container = spec["containers"][0]
        self.assertEqual(spec["automountServiceAccountToken"], False)
        self.assertEqual(spec["securityContext"]["runAsUser"], 65534)
        self.assertEqual(container["securityContext"], {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "runAsNonRoot": True, "runAsUser": 65534,
            "capabilities": {"drop": ["ALL"]}})
        self.assertEqual(container["args"], ["watch", "--config", "/etc/perf-sentinel/.perf-sentinel.toml"])
        self.assertEqual({m["mountPath"] for m in container["volumeMounts"] if not m.get("readOnly")}, {"/tmp"})
        self.assertEqual([(p["name"], p["containerPort"]) for p in container["ports"]], [("otlp-grpc", 4317), ("otlp-http", 4318)])

    def test_recreate_drops_the_rolling_update(self):
        strategy = self.workload({"workload": {"strategy": {"type": "Recreate"}}})["spec"]["strategy"]
        self.assertEqual(strategy, {"type": "Recreate"})
        self.assertEqual(self.workload()["spec"]["strategy"], WORDED["workload.strategy"])

    def test_daemonset_has_no_replicas(self):
        daemonset = self.workload({"workload": {"kind": "DaemonSet", "daemonset": {"spanRoutingByTraceId": True}}})
        self.assertEqual(daemonset["kind"], "DaemonSet")
        self.assertNotIn("replicas", daemonset["spec"])
        self.assertEqual(daemonset["spec"]["updateStrategy"], {"type": "RollingUpdate"})

    def test_statefulset_brings_a_headless_service_unless_one_is_named(self):
        objects = self.objects({"workload": {"kind": "StatefulSet"}})
        service = objects["Service", "rel-perf-sentinel-headless"]
        self.assertEqual(objects["StatefulSet", "rel-perf-sentinel"]["spec"]["serviceName"], "rel-perf-sentinel-headless")
        self.assertEqual(service["spec"]["clusterIP"], "None")
        self.assertTrue(service["spec"]["publishNotReadyAddresses"])
        self.assertEqual(service["metadata"]["labels"]["app.kubernetes.io/component"], "headless")
        objects = self.objects({"workload": {"kind": "StatefulSet", "statefulset": {"serviceName": "mine"}}})
        self.assertEqual(objects["StatefulSet", "rel-perf-sentinel"]["spec"]["serviceName"], "mine")
        self.assertNotIn(("Service", "rel-perf-sentinel-headless"), objects)

    def test_persistence_claims_mounts_and_configures(self):
        statefulset = self.workload(PERSISTENT)
        claim = statefulset["spec"]["volumeClaimTemplates"][0]
        self.assertEqual(claim["metadata"]["name"], "data")
        self.assertEqual(claim["spec"], {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}})
        mounts = {m["name"]: m["mountPath"] for m in statefulset["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]}
        self.assertEqual(mounts["data"], "/var/lib/perf-sentinel")
        toml = self.config(PERSISTENT)
        self.assertIn('[daemon.ack]\nstorage_path = "/var/lib/perf-sentinel/acks/acks.jsonl"\n', toml)
        self.assertIn('[daemon.archive]\npath = "/var/lib/perf-sentinel/archive.ndjson"\n', toml)

    def test_without_green_scoring_no_archive_is_added(self):
        toml = self.config(merged(PERSISTENT, {"config": {"toml": CONFIG + "[green]\nenabled = false\n"}}))
        self.assertIn("storage_path", toml)
        self.assertNotIn("archive", toml)

    def test_unmanaged_paths_are_left_alone(self):
        text = CONFIG + '[daemon.ack]\nstorage_path = "/var/lib/perf-sentinel/mine.jsonl"\n'
        unmanaged = {"workload": {"statefulset": {"persistence": {"manageDaemonPaths": False}}}}
        values = merged(merged(PERSISTENT, unmanaged), {"config": {"toml": text}})
        self.assertEqual(self.config(values), text)

    def test_configuration_given_is_the_configuration_mounted(self):
        text = '   # indented first line\n[daemon]\n\tlisten_address = "0.0.0.0"  # tab\n[detection]\nmax_fanout = 30\n'
        self.assertEqual(self.config({"config": {"toml": text}}), text)

    def test_what_is_mounted_is_valid(self):
        if not pathlib.Path(BINARY).exists():
            self.skipTest(f"{BINARY} is not built")
        for values in ({}, PERSISTENT):
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / ".perf-sentinel.toml"
                path.write_text(self.config(values), encoding="utf-8")
                done = subprocess.run([BINARY, "validate", "--config", str(path)], capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_fragments_are_mounted_whole(self):
        values = {"config": {"fragments": {"20-team.toml": "[detection]\nmax_fanout = 30\n", "10-base.toml": "[green]\nenabled = true\n"}}}
        objects = self.objects(values)
        self.assertEqual(objects["ConfigMap", "rel-perf-sentinel-fragments"]["data"], values["config"]["fragments"])
        mounts = {m["name"]: m["mountPath"] for m in self.workload(values)["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]}
        self.assertEqual(mounts["fragments"], "/etc/perf-sentinel/.perf-sentinel.d")

    def test_every_edit_of_the_configuration_rolls_the_pods(self):
        sums = {self.workload(v)["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
                for v in ({}, {"config": {"toml": CONFIG}}, {"config": {"fragments": {"10-a.toml": "[green]\nenabled = true\n"}}}, PERSISTENT)}
        self.assertEqual(len(sums), 4)

    def test_labels_given_never_replace_those_the_chart_selects_by(self):
        for key in ("commonLabels", "podLabels"):
            workload = self.workload({key: {"app.kubernetes.io/name": "other", "team": "a"}})
            labels = workload["spec"]["template"]["metadata"]["labels"]
            self.assertEqual(labels["team"], "a")
            selector = workload["spec"]["selector"]["matchLabels"]
            self.assertEqual({k: labels[k] for k in selector}, selector)

    def test_common_labels_and_annotations_are_on_every_object(self):
        values = {"commonLabels": {"team": "a"}, "commonAnnotations": {"owner": "b"}, "workload": {"kind": "StatefulSet"},
                  **{k: {"enabled": True} for k in ("ingress", "serviceMonitor", "prometheusRule", "podDisruptionBudget", "networkPolicy")}}
        for key, document in self.objects(values).items():
            with self.subTest(object=key):
                self.assertEqual(document["metadata"]["labels"]["team"], "a")
                self.assertEqual(document["metadata"]["annotations"]["owner"], "b")

    def test_service_monitor_leaves_the_headless_service_out(self):
        objects = self.objects({"serviceMonitor": {"enabled": True}, "workload": {"kind": "StatefulSet"}})
        spec = objects["ServiceMonitor", "rel-perf-sentinel"]["spec"]
        self.assertEqual(spec["selector"]["matchExpressions"],
                         [{"key": "app.kubernetes.io/component", "operator": "NotIn", "values": ["headless"]}])
        self.assertEqual((spec["endpoints"][0]["port"], spec["endpoints"][0]["path"]), ("otlp-http", "/metrics"))

    def test_alerts_are_those_of_the_rules_files(self):
        base = yaml.safe_load((CHART / "rules/perf-sentinel.rules.yaml").read_text(encoding="utf-8"))
        rule = lambda **more: self.objects({"prometheusRule": {"enabled": True, **more}})["PrometheusRule", "rel-perf-sentinel"]["spec"]
        self.assertEqual(rule(), base)
        added = {"alert": "Mine", "expr": "up == 0"}
        rules = rule(energyScrapers=True, scraperStaleSeconds=1_000_000, additionalRules=[added])["groups"][0]["rules"]
        self.assertEqual(rules[:-6], base["groups"][0]["rules"])
        self.assertEqual({r["alert"] for r in rules[-6:-1]}, {"PerfSentinelEnergyScraperStale"})
        self.assertTrue(all("_seconds > 1000000\n" in r["expr"] + "\n" or "> 1000000 and" in r["expr"] for r in rules[-6:-1]))
        self.assertEqual(rules[-1], added)

    def test_disruption_budget_prefers_min_available(self):
        def spec(**more):
            out = self.objects({"podDisruptionBudget": {"enabled": True, **more}})["PodDisruptionBudget", "rel-perf-sentinel"]["spec"]
            del out["selector"]
            return out
        self.assertEqual(spec(), {"maxUnavailable": 1})
        self.assertEqual(spec(maxUnavailable="25%"), {"maxUnavailable": "25%"})
        self.assertEqual(spec(maxUnavailable=0), {"maxUnavailable": 0})
        self.assertEqual(spec(minAvailable=0), {"minAvailable": 0})
        self.assertEqual(spec(minAvailable="1"), {"minAvailable": 1})

    def test_network_policy_denies_until_someone_is_named(self):
        def spec(**selectors):
            return self.objects({"networkPolicy": {"enabled": True, "ingress": selectors}})["NetworkPolicy", "rel-perf-sentinel"]["spec"]
        self.assertEqual((spec()["policyTypes"], spec()["ingress"]), (["Ingress"], []))
        apps, collector = {"matchLabels": {"otel": "yes"}}, {"matchLabels": {"app": "collector"}}
        rule = spec(fromNamespaceSelectors=[apps], fromPodSelectors=[collector])["ingress"][0]
        self.assertEqual(rule["from"], [{"namespaceSelector": apps}, {"podSelector": collector}])
        self.assertEqual([p["port"] for p in rule["ports"]], ["otlp-grpc", "otlp-http"])

    def test_tls_turns_probes_and_scrapes_to_https(self):
        values = {"config": {"toml": CONFIG + 'tls_cert_path = "/tls/tls.crt"\ntls_key_path = "/tls/tls.key"\n'},
                  "serviceMonitor": {"enabled": True}}
        container = self.workload(values)["spec"]["template"]["spec"]["containers"][0]
        for probe in ("livenessProbe", "readinessProbe"):
            self.assertEqual(container[probe]["httpGet"]["scheme"], "HTTPS")
        self.assertEqual(self.objects(values)["ServiceMonitor", "rel-perf-sentinel"]["spec"]["endpoints"][0]["scheme"], "https")

    def test_test_job_asks_health_at_most_five_times_and_gets_no_traffic(self):
        objects = self.objects()
        job, service = objects["Job", "rel-perf-sentinel-test"], objects["Service", "rel-perf-sentinel"]
        self.assertEqual(job["spec"]["backoffLimit"], 4)
        self.assertEqual(job["metadata"]["annotations"]["helm.sh/hook"], "test")
        self.assertIn("http://rel-perf-sentinel:4318/health", job["spec"]["template"]["spec"]["containers"][0]["args"])
        labels = job["spec"]["template"]["metadata"]["labels"]
        self.assertFalse(service["spec"]["selector"].items() <= labels.items())

    def test_names_stay_within_63_characters(self):
        values = {"fullnameOverride": "n" * 80, "workload": {"kind": "StatefulSet"}, "config": {"fragments": {"10-a.toml": ""}}}
        names = [name for _, name in self.objects(values)]
        self.assertTrue(all(len(name) <= 63 for name in names), names)
        self.assertIn("n" * 63, names)
        self.assertIn("n" * 54 + "-headless", names)

    def notes(self, values):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            yaml.safe_dump(values, file)
            file.flush()
            # A chart whose only template prints the notes: `helm template` leaves them out, and `helm install` wants a cluster.
            with tempfile.TemporaryDirectory() as folder:
                chart = pathlib.Path(folder) / "perf-sentinel"
                shutil.copytree(CHART, chart)
                text = (chart / "templates/NOTES.txt").read_text(encoding="utf-8")
                head, rest = text.split("-}}\nperf-sentinel ", 1)
                (chart / "templates/notes.yaml").write_text(head + "}}\nnotes: |\n" + "  perf-sentinel " + rest.replace("\n", "\n  "), encoding="utf-8")
                done = subprocess.run([HELM, "template", "rel", str(chart), "--kube-version", "1.29.0", "-f", file.name,
                                       "-s", "templates/notes.yaml"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_notes_warn_of_what_is_risky(self):
        plain = self.notes({})
        for words in ("may\n    acknowledge", "http://rel-perf-sentinel.default.svc:4318/v1/traces", "no persistent volume", "networkPolicy is off"):
            self.assertIn(words, plain)
        for words in ("replicas behind", "denies everything", "the Ingress exposes"):
            self.assertNotIn(words, plain)
        self.assertIn("2 replicas behind", self.notes({"workload": {"replicas": 2}}))
        self.assertIn("the Ingress exposes", self.notes({"ingress": {"enabled": True}}))
        self.assertIn("denies everything", self.notes({"networkPolicy": {"enabled": True}}))
        self.assertNotIn("no persistent volume", self.notes(PERSISTENT))
        allowed = {"networkPolicy": {"enabled": True, "ingress": {"fromPodSelectors": [{"matchLabels": {"a": "b"}}]}}}
        self.assertNotIn("networkPolicy", self.notes(allowed))

    # -- what is refused

    def test_unknown_values_are_refused(self):
        self.refuses({"replicaCount": 2}, "replicaCount")

    def test_persistence_needs_a_statefulset(self):
        self.refuses(merged(PERSISTENT, {"workload": {"kind": "Deployment"}}), "persistence.enabled needs workload.kind StatefulSet")

    def test_daemonset_needs_routing_by_trace_id(self):
        self.refuses({"workload": {"kind": "DaemonSet"}}, "spanRoutingByTraceId")

    def test_ingress_port_is_one_of_two(self):
        self.refuses({"ingress": {"servicePortName": "http"}}, "servicePortName")

    def test_ports_of_daemon_and_service_agree(self):
        for text, port in (("[daemon]\nlisten_port_http = 5000\n", "listen_port_http"), ("[daemon]\nlisten_port_grpc = 5000\n", "listen_port_grpc"),
                           ("daemon.listen_port_http = 5000\n", "listen_port_http"), ("daemon = { listen_port_http = 5000 }\n", "listen_port_http"),
                           ("daemon = {\n  environment = \"staging\", # a } here\n  listen_port_http = 5_000,\n}\n", "listen_port_http"),
                           ("[ 'daemon' ]\n\"listen_port_http\"=5000\n", "listen_port_http"), ("[daemon]\nlisten_port_http = 0x1388\n", "5000")):
            with self.subTest(text=text):
                port = "listen_port_http" if port == "5000" else port
                self.refuses({"config": {"toml": text}}, port, "make them equal")
        self.refuses({"config": {"toml": CONFIG}, "service": {"ports": {"otlpHttp": {"port": 5000}}}}, "listen_port_http is 4318")
        for text in ("[daemon]\nlisten_port_http = 4_318\n", "[daemon]\nlisten_port_http = 0x10de # hexadecimal\n",
                     "# listen_port_http = 5000\n[daemon]\n", "[other]\nlisten_port_http = 5000\n",
                     "[reporting]\ndisclose_period = '''\n[daemon]\nlisten_port_http = 5000\n'''\n",
                     "[reporting]\ndisclose_period = \"\"\"\n[daemon]\nlisten_port_http = 5000 \\\"\"\"\n\"\"\"\n"):
            with self.subTest(text=text):
                self.objects({"config": {"toml": text}})
        self.objects({"config": {"toml": "[daemon]\nlisten_port_http = 5000\n"}, "service": {"ports": {"otlpHttp": {"port": 5000}}}})

    def test_archive_needs_green_scoring(self):
        archive = '[daemon.archive]\npath = "/data/a.ndjson"\n'
        for off in ("[green]\nenabled = false\n", "[green]\nenabled=false # saves time\n", "[\"green\"]\n'enabled' = false\n"):
            with self.subTest(off=off):
                self.refuses({"config": {"toml": off + archive}}, "the archive needs it")
        self.refuses({"config": {"toml": "green.enabled = false\ndaemon.archive.path = '/a'\n"}}, "the archive needs it")
        self.refuses({"config": {"toml": "green = {enabled = false}\ndaemon = {archive = {path = '/a'}}\n"}}, "the archive needs it")
        self.refuses({"config": {"toml": "[green]\nenabled = false\n", "fragments": {"10-a.toml": archive}}}, "10-a.toml", "the archive needs it")
        self.objects({"config": {"toml": archive}})
        self.objects({"config": {"toml": "[green]\nenabled = false\n"}})

    def test_managed_paths_are_not_set_twice(self):
        for text in ("[daemon.ack]\nenabled = true\n", "[ daemon . ack ]\n", "[daemon.\"ack\"]\n", "['daemon'.ack]\n",
                     "daemon.ack.enabled = true\n", "[daemon]\nack = { enabled = true }\n", "[daemon]\nack.enabled = true\n",
                     "[daemon]\n\"ack\" . enabled = true\n", "[daemon.archive]\nmax_files = 3\n", "[daemon]\narchive = {\n max_files = 3 }\n",
                     "[daemon.ack.later]\n", "[[daemon.archive]]\n"):
            with self.subTest(text=text):
                self.refuses(merged(PERSISTENT, {"config": {"toml": text}}), "while the chart manages its path")
                self.refuses(merged(PERSISTENT, {"config": {"fragments": {"30-x.toml": text}}}), "30-x.toml", "while the chart manages its path")
        for text in ("# [daemon.ack]\n[daemon]\n", "[daemon.acknowledge]\n", "[other.daemon.ack]\n", "[\"daemon.ack\"]\n",
                     "[reporting]\ndisclose_period = \"[daemon.ack]\"\n", "[daemon.cors]\nallowed_origins = [\n  \"*\" # [daemon.ack]\n]\n"):
            with self.subTest(text=text):
                self.objects(merged(PERSISTENT, {"config": {"toml": text}}))

    def test_escaped_keys_and_inline_daemon_cannot_be_managed(self):
        self.refuses(merged(PERSISTENT, {"config": {"toml": '["\\u0064aemon".ack]\n'}}), "backslash")
        self.refuses(merged(PERSISTENT, {"config": {"toml": '"d\\u0061emon".ack.enabled = true\n'}}), "backslash")
        self.refuses(merged(PERSISTENT, {"config": {"toml": 'daemon = { environment = "staging" }\n'}}), "[daemon] section")
        self.objects(merged(PERSISTENT, {"config": {"toml": '[daemon]\njson_socket = "C:\\\\temp\\\\x.sock"\n'}}))

    def test_fragment_names_and_numbers(self):
        for name in ("team.toml", "1-team.toml", "10-Team.toml", "10-team.conf", "10_team.toml", "10-.toml", "10-a--b.toml", "010-a.toml"):
            with self.subTest(name=name):
                self.refuses({"config": {"fragments": {name: ""}}}, name, "fragment's name")
        self.refuses({"config": {"fragments": {"10-a.toml": "", "10-b.toml": ""}}}, "10-a.toml and 10-b.toml have the same number")
        self.objects({"config": {"fragments": {"10-a.toml": "", "11-b-2.toml": ""}}})

    def test_fragments_set_no_ports_and_leave_green_scoring_on(self):
        for text in ("[daemon]\nlisten_port_http = 4318\n", "daemon.listen_port_grpc = 4317\n", "daemon = { listen_port_grpc = 4317 }\n"):
            with self.subTest(text=text):
                self.refuses({"config": {"fragments": {"10-a.toml": text}}}, "10-a.toml", "listen_port_")
        self.refuses({"config": {"fragments": {"10-a.toml": "[green]\nenabled = false\n"}}}, "10-a.toml", "green scoring")

    def test_blank_configuration_is_refused(self):
        self.refuses({"config": {"toml": " \n"}}, "config.toml is empty")


if __name__ == "__main__":
    unittest.main()
