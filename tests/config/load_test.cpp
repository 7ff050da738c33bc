// Finding, merging, precedence, blame and the whole text of each class of errors (chapter 06 §2.1).
#include "config/load.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

namespace sentinel::config {
namespace {

TEST(Load, BuiltInDefaultsApplyWithoutAnyFile) {
  const Folder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.at(""));
  const base::Result<Loaded> loaded = load(options_with({}));
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->files.empty());
  EXPECT_TRUE(loaded->advisories.empty());
  EXPECT_EQ(loaded->config.detection.settings.max_fanout, 20U);
  EXPECT_EQ(loaded->origin("detection.max_fanout").text(), "default");

  std::ofstream(".perf-sentinel.toml") << "[detection]\nmax_fanout = 7\n";
  EXPECT_EQ(load(options_with({}))->origin("detection.max_fanout").text(), ".perf-sentinel.toml:2");
  std::filesystem::remove(".perf-sentinel.toml");
  std::filesystem::create_symlink("nowhere", ".perf-sentinel.toml");
  EXPECT_EQ(load(options_with({})).error().text(), "Error reading config: read .perf-sentinel.toml: No such file or directory");
  std::filesystem::current_path(before);
}

TEST(Load, MergesFragmentsByNumberThenTheMainFile) {
  Folder folder;
  folder.file(".perf-sentinel.d/20-team.toml", "[green.service_regions]\ncart = \"us-east-1\"\n[detection]\nmax_fanout = 21\n")
      .file(".perf-sentinel.d/10-base.toml", "[detection]\nmax_fanout = 30\n[green]\ndefault_region = \"EU-west-3\"\n")
      .file(".perf-sentinel.d/10-base.toml.bak", "x")
      .file("main.toml", "[detection]\nmax_fanout = 12\n");
  const Loaded loaded = folder.loaded();
  EXPECT_EQ(loaded.config.detection.settings.max_fanout, 12U);
  EXPECT_EQ(loaded.config.green.default_region, "eu-west-3");
  EXPECT_EQ(loaded.config.green.service_regions.at("cart"), "us-east-1");
  EXPECT_EQ(loaded.files.size(), 3U);
  EXPECT_EQ(loaded.origin("green.default_region").text(), "10-base.toml:4");
  EXPECT_EQ(loaded.origin("green.service_regions").text(), "20-team.toml:1");
  EXPECT_EQ(folder.shortened(loaded.origin("detection.max_fanout").text()), "<dir>/main.toml:2");
}

TEST(Load, ArraysAreReplacedWholeAndTablesMerged) {
  Folder folder;
  folder
      .file(".perf-sentinel.d/10-a.toml",
            "[detection]\ngrouping_attributes = [\"a\", \"b\"]\n[green.service_regions]\na = \"r1\"\nb = \"r1\"\n")
      .file("main.toml", "[detection]\ngrouping_attributes = [\"c\"]\n[green.service_regions]\nb = \"r2\"\n");
  const Loaded loaded = folder.loaded();
  EXPECT_EQ(loaded.config.detection.grouping_attributes, std::vector<std::string>{"c"});
  EXPECT_EQ(loaded.config.green.service_regions, (std::map<std::string, std::string>{{"a", "r1"}, {"b", "r2"}}));
}

TEST(Load, TheEnvironmentWinsOverFiles) {
  Folder folder;
  folder.file("main.toml", "[daemon.ack]\napi_key = \"from-the-file-16\"\n");
  const Loaded loaded = folder.loaded({{"PERF_SENTINEL_ACK_API_KEY", "  from-the-variable  "}});
  EXPECT_EQ(loaded.config.daemon.ack.api_key, "from-the-variable");
  EXPECT_EQ(loaded.origin("daemon.ack.api_key").text(), "PERF_SENTINEL_ACK_API_KEY");
}

TEST(Load, FlagsWinOverEverything) {
  const LoadOptions options = options_with({});
  Loaded loaded = load_text("[daemon]\nlisten_port_http = 5000\nlisten_address = \"0.0.0.0\"\n", "t.toml", options).value();
  ASSERT_TRUE(finish_for_daemon(loaded, {.listen_address = "::1", .listen_port_http = 5001, .listen_port_grpc = {}}, options));
  EXPECT_EQ(loaded.config.daemon.listen_port_http, 5001);
  EXPECT_EQ(loaded.config.daemon.listen_port_grpc, 4317);
  EXPECT_EQ(loaded.origin("daemon.listen_port_http").text(), "--listen-port-http");
  const base::Status refused =
      finish_for_daemon(loaded, {.listen_address = {}, .listen_port_http = 0, .listen_port_grpc = {}}, options);
  EXPECT_EQ(refused.error().text(), "invalid configuration: listen_port_http must be >= 1, got 0");
}

TEST(Load, TheListenAdviceIsGivenOnceForTheAddressFinallyUsed) {
  LoadOptions options = options_with({});
  options.for_daemon = true;
  Loaded loaded = load_text("[daemon]\nlisten_address = \"0.0.0.0\"\n", "t.toml", options).value();
  EXPECT_TRUE(loaded.advisories.empty());
  ASSERT_TRUE(
      finish_for_daemon(loaded, {.listen_address = "10.0.0.1", .listen_port_http = {}, .listen_port_grpc = {}}, options));
  ASSERT_EQ(loaded.advisories.size(), 1U);
  EXPECT_TRUE(loaded.advisories[0].message.starts_with("listen_address \"10.0.0.1\" is not a loopback address"));
}

TEST(Load, OperatorsInTheClearBeyondLoopbackGetAWarning) {
  const auto advice = [](const std::string& telemetry) {
    const Loaded loaded = load_text("[telemetry]\n" + telemetry, "t.toml", options_with({})).value();
    return loaded.advisories.empty() ? std::string() : loaded.advisories[0].message;
  };
  EXPECT_TRUE(advice("enabled = true\nlisten = \"0.0.0.0:8888\"\n")
                  .starts_with("[telemetry] listen \"0.0.0.0:8888\" is not a loopback address"));
  EXPECT_EQ(advice("enabled = false\nlisten = \"0.0.0.0:8888\"\n"), "");
  for (const char* loopback : {"localhost:8888", "127.0.0.2:8888", "[::1]:8888"})
    EXPECT_EQ(advice("enabled = true\nlisten = \"" + std::string(loopback) + "\"\n"), "") << loopback;
  EXPECT_EQ(advice("enabled = true\nlisten = \"0.0.0.0:8888\"\n[telemetry.tls]\ncert_file = \"c\"\nkey_file = \"k\"\n"), "");
}

// -- errors

TEST(Load, ReadingErrorsNamePathAndCause) {
  Folder folder;
  EXPECT_EQ(folder.load_main(), "Error reading config: read <dir>/main.toml: No such file or directory");
  folder.file("main.toml", "# \xFF\n");
  EXPECT_EQ(folder.load_main(), "Error reading config: read <dir>/main.toml: not UTF-8");
  folder.file("main.toml", std::string(1024 * 1024, '#'));
  EXPECT_EQ(folder.load_main(), "ok");
  folder.file("main.toml", std::string(1024 * 1024 + 1, '#'));
  EXPECT_EQ(folder.load_main(), "Error reading config: read <dir>/main.toml: larger than 1048576 bytes");
  folder.file("main.toml", "").file(".perf-sentinel.d/10-a.toml/x", "");
  EXPECT_EQ(folder.load_main(), "Error reading config: read <dir>/.perf-sentinel.d/10-a.toml: Is a directory");
}

TEST(Load, TheFragmentFolderMustBeAFolder) {
  Folder folder;
  folder.file("main.toml", "").file(".perf-sentinel.d", "");
  EXPECT_EQ(folder.load_main(), "Error reading config: read <dir>/.perf-sentinel.d: Not a directory");
}

TEST(Load, FragmentNamesFollowTheirForm) {
  for (const char* name : {"base.toml", "1-a.toml", "100-a.toml", "10a.toml", "10-.toml", "10--a.toml", "10-a-.toml",
                           "10-a--b.toml", "10-A.toml", "10-a_b.toml", "10-a.b.toml", "10-a b.toml"}) {
    Folder folder;
    folder.file("main.toml", "").file(std::string(".perf-sentinel.d/") + name, "");
    EXPECT_EQ(folder.load_main(), "Error parsing config: fragment " + std::string(name) +
                                      " has a wrong name (two digits, '-', then a-z, 0-9 and single '-', as in 10-base.toml)");
  }
  Folder folder;
  folder.file("main.toml", "").file(".perf-sentinel.d/00-a-1-b2.toml", "").file(".perf-sentinel.d/.toml", "x");
  EXPECT_EQ(folder.load_main(), "ok");
  folder.file(".perf-sentinel.d/00-b.toml", "");
  EXPECT_EQ(folder.load_main(), "Error parsing config: fragments 00-a-1-b2.toml and 00-b.toml have the same priority 00");
}

TEST(Load, ParseErrorsNameTheFileTheLineAndTheColumn) {
  Folder folder;
  folder.file("main.toml", "").file(".perf-sentinel.d/10-a.toml", "\n[x");
  EXPECT_EQ(folder.load_main(), "Error parsing config: in 10-a.toml: line 2, column 3: expected ']'");
}

TEST(Load, RemovedKeysNameTheirReplacementInOrder) {
  EXPECT_EQ(verdict("listen_port = 1\nlisten_addr = 2\n"),
            "top-level key listen_addr was removed: use [daemon] listen_address");
  EXPECT_EQ(verdict("n_plus_one_threshold = 5"),
            "top-level key n_plus_one_threshold was removed: use [detection] n_plus_one_min_occurrences");
  EXPECT_EQ(verdict("max_payload_size = 5"), "top-level key max_payload_size was removed: use [daemon] max_payload_size");
  EXPECT_EQ(verdict("[detection]\nn_plus_one_threshold = 5"), "ok");
}

TEST(Load, BlamesTheDocumentThatSetTheValue) {
  Folder folder;
  folder.file(".perf-sentinel.d/10-base.toml", "[detection]\nmax_fanout = 30\n")
      .file(".perf-sentinel.d/20-team.toml", "[detection]\n\nmax_fanout = \"many\"\n")
      .file("main.toml", "");
  EXPECT_EQ(folder.load_main(),
            "Error parsing config: in 20-team.toml: detection.max_fanout: expected a whole number, got a string (line 3)");
  folder.file(".perf-sentinel.d/20-team.toml", "[detection]\nmax_fanout = 0\n");
  EXPECT_EQ(folder.load_main(), "Error parsing config: in 20-team.toml: max_fanout must be >= 1, got 0 (line 2)");
  folder.file("main.toml", "[detection]\nmax_fanout = 12\n");
  EXPECT_EQ(folder.load_main(), "ok");
}

TEST(Load, BlamesTheMergeWhenTwoDocumentsShareTheFault) {
  Folder folder;
  folder.file(".perf-sentinel.d/10-a.toml", "[daemon.cors]\nallowed_origins = [\"*\"]\n")
      .file("main.toml", "[daemon.ack]\napi_key = \"0123456789abcdef\"\n");
  EXPECT_EQ(folder.load_main(),
            "Error parsing config: in merged configuration: [daemon.cors] allowed_origins must name its origins once "
            "[daemon.ack] api_key is set");
  EXPECT_EQ(verdict("[green]\n", {{"PERF_SENTINEL_ACK_API_KEY", ""}}),
            "Error parsing config: in merged configuration: [daemon.ack] api_key is empty: set a key, or leave it out "
            "(from PERF_SENTINEL_ACK_API_KEY)");
}

TEST(Load, BlamesTheOnlyDocumentOfASectionForWhatIsMissingInIt) {
  Folder folder;
  folder.file(".perf-sentinel.d/10-a.toml", "[green.alumet]\nendpoint = \"http://h\"\nlabel_key = \"k\"\n")
      .file("main.toml", "[daemon]\n");
  EXPECT_EQ(folder.load_main(), "Error parsing config: in 10-a.toml: [green.alumet] metric_name is required with an endpoint");
}

TEST(Load, SectionsAreTables) {
  EXPECT_EQ(verdict("detection = [600]"), "detection: expected a table, got an array (line 1)");
  EXPECT_EQ(verdict("[[daemon.ack]]\n"), "daemon.ack: expected a table, got an array (line 1)");
  EXPECT_EQ(verdict("detection = 5"), "detection: expected a table, got an integer (line 1)");
}

TEST(Load, StrictSectionsRefuseUnknownKeys) {
  EXPECT_EQ(verdict("[green.alumet]\nmetric_nam = 1"),
            "green.alumet.metric_nam: unknown key: did you mean metric_name? (line 2)");
  EXPECT_EQ(verdict("[green.broker_static]\nzz = 1"), "green.broker_static.zz: unknown key (line 2)");
  EXPECT_EQ(verdict("[green.redfish.endpoints.c]\nurl = \"http://h\"\nschema = \"legacy_power\"\nzz = 1"),
            "green.redfish.endpoints.c.zz: unknown key (line 4)");
  EXPECT_EQ(verdict("[green.scaphandre.process_map]\n\"a b\" = { exe_contains = \"x\", zz = 1 }"),
            "green.scaphandre.process_map.\"a b\".zz: unknown key (line 2)");
  EXPECT_EQ(verdict("[green.scaphandre.process_map]\na = { cmdline_contains = \"x\" }"),
            "green.scaphandre.process_map.a: missing key exe_contains (line 2)");
}

TEST(Load, OtherSectionsWarnOfUnknownKeysAndGoOn) {
  EXPECT_EQ(advice("[detection]\nmax_fanuot = 1\n[zzz]\nmax_fanout = 2\n"),
            "unknown key detection.max_fanuot is ignored: did you mean max_fanout?\nunknown key zzz is ignored\n");
  EXPECT_EQ(advice("max_fanout = 2\n"), "unknown key max_fanout is ignored: it belongs under [detection]\n");
  EXPECT_EQ(advice("[detection]\nn_plus_one_threshold = 9"),
            "unknown key detection.n_plus_one_threshold is ignored: did you mean n_plus_one_min_occurrences?\n");
}

TEST(Load, TheFirstFailureInTheFixedOrderIsReported) {
  EXPECT_EQ(verdict("[thresholds]\nio_waste_ratio_max = 2\n[detection]\nmax_fanout = 0\n[daemon]\ntrace_ttl_ms = 1\n"),
            "trace_ttl_ms must be >= 100, got 1 (line 6)");
  EXPECT_EQ(verdict("[thresholds]\nio_waste_ratio_max = 2\n[detection]\nmax_fanout = 0\n"),
            "max_fanout must be >= 1, got 0 (line 4)");
  EXPECT_EQ(verdict("[daemon]\nenvironment = \"x\"\ntrace_ttl_ms = 1\n"),
            "[daemon] environment \"x\" is neither staging nor production (line 2)");
}

TEST(Load, CheckFindsAllFailuresAtOnce) {
  Folder folder;
  folder.file("main.toml", "[detection]\nmax_fanout = 0\n[daemon]\ntrace_ttl_ms = 1\n[reporting]\nintent = \"x\"\n");
  LoadOptions options = options_with({});
  options.path = folder.at("main.toml");
  const Checked checked = check(options);
  ASSERT_EQ(checked.errors.size(), 3U);
  EXPECT_EQ(checked.errors[0].what, "trace_ttl_ms must be >= 100, got 1");
  EXPECT_EQ(checked.errors[1].what, "max_fanout must be >= 1, got 0");
  EXPECT_EQ(checked.errors[2].what, "[reporting] intent \"x\" is none of internal, official, audited");
}

// -- variables without a file

TEST(Load, ABatchCommandWithoutFilesToleratesAnUnusableVariableButNotTheDaemon) {
  const Folder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.at(""));
  LoadOptions options = options_with({{"PERF_SENTINEL_ACK_API_KEY", "short"}, {"PERF_SENTINEL_EMAPS_TOKEN", "t"}});
  const base::Result<Loaded> batch = load(options);
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->advisories.size(), 1U);
  EXPECT_EQ(batch->advisories[0].message,
            "[daemon.ack] api_key must be at least 12 bytes long: the daemon will refuse to start");
  EXPECT_FALSE(batch->config.green.electricity_maps);
  options.for_daemon = true;
  EXPECT_EQ(load(options).error().what, "[daemon.ack] api_key must be at least 12 bytes long");
  options = options_with({{"PERF_SENTINEL_ACK_API_KEY", "long-enough-to-use"}});
  options.for_daemon = true;
  EXPECT_EQ(load(options)->config.daemon.ack.api_key, "long-enough-to-use");
  std::filesystem::current_path(before);
}

TEST(Load, HeaderVariablesCountOnlyForSectionsThatAreOn) {
  EXPECT_EQ(verdict("[green.kepler]\nendpoint = \"http://h\"\n", {{"PERF_SENTINEL_KEPLER_AUTH_HEADER", "nocolon"}}),
            "Error parsing config: in merged configuration: [green.kepler] auth_header is malformed: no ':' after the name "
            "(expected \"Name: Value\") (from PERF_SENTINEL_KEPLER_AUTH_HEADER)");
  EXPECT_EQ(verdict("[green.kepler]\n", {{"PERF_SENTINEL_KEPLER_AUTH_HEADER", "nocolon"}}), "ok");
  EXPECT_EQ(verdict("[green.kepler]\nendpoint = \"http://h\"\nauth_header = \"bad\"\n",
                    {{"PERF_SENTINEL_KEPLER_AUTH_HEADER", "A: b"}}),
            "ok");
}

}  // namespace
}  // namespace sentinel::config
