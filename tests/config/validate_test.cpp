// The rules of single sections: each line is a document and its verdict (chapter 06 §2.3 to §2.6, chapter 11 §3).
#include "config/validate.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support.h"

namespace sentinel::config {
namespace {

std::string under(std::string_view section, std::string_view keys) {
  return "[" + std::string(section) + "]\n" + std::string(keys) + "\n";
}

TEST(Validate, RatesLieFromZeroToOne) {
  for (const char* key : {"daemon.sampling_rate", "thresholds.io_waste_ratio_max", "thresholds.min_usable_span_ratio"}) {
    const std::string name = std::string(key).substr(std::string(key).find('.') + 1);
    const auto with = [&](const std::string& value) { return verdict(std::string(key) + " = " + value); };
    for (const char* fine : {"0", "-0.0", "0.5", "1", "1.0", "5e-324"}) EXPECT_EQ(with(fine), "ok") << key << fine;
    EXPECT_EQ(with("-0.1"), name + " must be >= 0, got -0.1 (line 1)");
    EXPECT_EQ(with("1.1"), name + " must be <= 1, got 1.1 (line 1)");
    EXPECT_EQ(with("nan"), name + " must be >= 0, got nan (line 1)");
    EXPECT_EQ(with("inf"), name + " must be <= 1, got inf (line 1)");
  }
}

TEST(Validate, WholeNumbersStayWithinTheirWidth) {
  EXPECT_EQ(verdict("detection.max_fanout = -1"),
            "detection.max_fanout: expected a whole number from 0 to 4294967295, got -1 (line 1)");
  EXPECT_EQ(verdict("detection.n_plus_one_min_occurrences = 4294967295"), "ok");
  EXPECT_EQ(verdict("detection.n_plus_one_min_occurrences = 4294967296"),
            "detection.n_plus_one_min_occurrences: expected a whole number from 0 to 4294967295, got 4294967296 (line 1)");
  EXPECT_EQ(verdict("detection.window_duration_ms = 9223372036854775807"), "ok");
  EXPECT_EQ(verdict("detection.max_fanout = 5.0"), "detection.max_fanout: expected a whole number, got a float (line 1)");
  EXPECT_EQ(verdict("detection.max_fanout = 1e1"), "detection.max_fanout: expected a whole number, got a float (line 1)");
}

TEST(Validate, TheMemoryMarkIsOffOrAtLeastSix) {
  EXPECT_EQ(verdict("daemon.memory_high_water_pct = 0"), "ok");
  EXPECT_EQ(verdict("daemon.memory_high_water_pct = 5"),
            "memory_high_water_pct must be >= 6, got 5: spans are taken again 5 points lower; 0 turns the guard off (line 1)");
  EXPECT_EQ(verdict("daemon.memory_high_water_pct = 6"), "ok");
}

TEST(Validate, AStoreThatIsOffNeedsNoAdvice) {
  EXPECT_EQ(advice("daemon.max_retained_findings = 0"), "");
  EXPECT_EQ(advice("daemon.api_enabled = false\ndaemon.max_retained_traces = 5"),
            "max_retained_traces is ignored: api_enabled is false field=max_retained_traces value=5\n");
  EXPECT_EQ(advice("daemon.max_retained_findings = 0\ndaemon.max_retained_traces = 5"),
            "max_retained_traces is ignored: the findings store is off field=max_retained_traces value=5\n");
  EXPECT_EQ(advice("daemon.api_enabled = false"), "");
}

TEST(Validate, SpellingsIgnoreCaseAndBlanks) {
  const auto mode = [](std::string_view text) {
    return load_text("detection.sanitizer_aware_classification = \"" + std::string(text) + "\"", "t", options_with({}))
        ->config.detection.settings.sanitizer;
  };
  using Mode = model::DetectionSettings::Sanitizer;
  EXPECT_EQ(mode(" STRICT "), Mode::kStrict);
  EXPECT_EQ(mode("always"), Mode::kAlways);
  EXPECT_EQ(mode("never"), Mode::kNever);
  EXPECT_EQ(mode(""), Mode::kAuto);
  EXPECT_EQ(mode("maybe"), Mode::kAuto);
  EXPECT_EQ(advice("detection.sanitizer_aware_classification = \"" + std::string(40, 'z') + "\""),
            "[detection] sanitizer_aware_classification \"" + std::string(32, 'z') +
                "\" is unknown, auto is used: expected auto, always, never or strict\n");
  EXPECT_EQ(load_text("daemon.environment = \" Production \"", "t")->config.daemon.environment,
            DaemonConfig::Environment::kProduction);
  EXPECT_EQ(verdict("daemon.environment = \"\""), "[daemon] environment \"\" is neither staging nor production (line 1)");
}

TEST(Validate, GroupingKeepsEightAttributes) {
  const auto grouped = [](std::string_view list) {
    return load_text("detection.grouping_attributes = " + std::string(list), "t")->config.detection.grouping_attributes;
  };
  EXPECT_EQ(grouped("[\"a\", \" \", \"\", \"b\"]"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(grouped("[]").empty());
  EXPECT_EQ(grouped("['1','2','3','4','5','6','7','8']").size(), 8U);
  EXPECT_EQ(grouped("['1','2','3','4','5','6','7','8','9']").size(), 8U);
  EXPECT_EQ(advice("detection.grouping_attributes = ['1','2','3','4','5','6','7','8','9']"),
            "[detection] grouping_attributes: only the first 8 are used, ignored: \"9\"\n");
}

TEST(Validate, EmbodiedCarbonIsFiniteAndNeverFree) {
  const std::string key = "green.embodied_carbon_per_request_gco2 = ";
  EXPECT_EQ(verdict(key + "-0.1"), "embodied_carbon_per_request_gco2 must be >= 0, got -0.1 (line 1)");
  EXPECT_EQ(verdict(key + "inf"), "embodied_carbon_per_request_gco2 must be finite, got inf (line 1)");
  EXPECT_EQ(verdict(key + "nan"), "embodied_carbon_per_request_gco2 must be >= 0, got nan (line 1)");
  EXPECT_EQ(load_text(key + "-0.0", "t")->config.green.embodied_carbon_per_request_gco2, 0.001);
  EXPECT_EQ(advice(key + "0"),
            "[green] embodied_carbon_per_request_gco2 is 0: hardware is never free, the default 0.001 is used\n");
}

TEST(Validate, RegionsAreRegionIds) {
  EXPECT_EQ(verdict("green.default_region = \"" + std::string(64, 'r') + "\""), "ok");
  const std::string rule = " is no region id: expected 1 to 64 of A-Z, a-z, 0-9, _ and - (line 1)";
  EXPECT_EQ(verdict("green.default_region = \"" + std::string(65, 'r') + "\""),
            "[green] default_region \"" + std::string(65, 'r') + "\"" + rule);
  EXPECT_EQ(verdict("green.default_region = \"a\\u0001\""),
            "[green] default_region (not shown: it holds control characters)" + rule);
  EXPECT_EQ(verdict("green.service_regions.cart = \"\""), "[green] service_regions entry \"cart\": \"\"" + rule);
  const auto twins = load_text("[green.service_regions]\nCart = \"b\"\ncart = \"c\"\n", "t")->config.green.service_regions;
  EXPECT_EQ(twins, (std::map<std::string, std::string>{{"cart", "c"}}));
}

std::string many(std::string_view value, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "s" + std::to_string(i) + " = \"" + std::string(value) + "\"\n";
  return text;
}

TEST(Validate, MapsHaveAtMost1024Entries) {
  const std::string kepler = "[green.kepler]\nendpoint = \"http://h\"\n[green.kepler.service_mappings]\n";
  EXPECT_EQ(verdict("[green.service_regions]\n" + many("r", 1024)), "ok");
  EXPECT_EQ(verdict("[green.service_regions]\n" + many("r", 1025)),
            "[green] service_regions has more than 1024 entries (line 1)");
  EXPECT_EQ(verdict(kepler + many("l", 1024)), "ok");
  EXPECT_EQ(verdict(kepler + many("l", 1025)), "[green.kepler] service_mappings has more than 1024 entries (line 3)");
}

// -- backends

TEST(Validate, ABackendWithoutEndpointIsOffAndOnlyItsTypesAreChecked) {
  EXPECT_EQ(verdict("green.kepler.scrape_interval_secs = 0"), "ok");
  EXPECT_EQ(verdict("green.kepler.scrape_interval_secs = \"x\""),
            "green.kepler.scrape_interval_secs: expected a whole number, got a string (line 1)");
  EXPECT_EQ(verdict("green.kepler.metric_kind = \"pod\""),
            "[green.kepler] metric_kind \"pod\" is neither container nor process (line 1)");
  EXPECT_EQ(verdict("green.kepler.endpoint = \"\""),
            "[green.kepler] endpoint \"\": it must start with http:// or https:// (line 1)");
}

TEST(Validate, KeplerLabelsOfProcessesAreShort) {
  const auto kepler = [](std::string_view kind, std::size_t bytes) {
    return verdict(under("green.kepler", "endpoint = \"http://h\"\nmetric_kind = \"" + std::string(kind) +
                                             "\"\nservice_mappings = { cart = \"" + std::string(bytes, 'l') + "\" }"));
  };
  EXPECT_EQ(kepler("container", 256), "ok");
  EXPECT_NE(kepler("container", 257).find("is longer than 256 bytes"), std::string::npos);
  EXPECT_EQ(kepler("Process", 15), "ok");
  EXPECT_EQ(kepler("process", 16),
            "[green.kepler] service_mappings entry \"cart\": the value \"llllllllllllllll\" is longer than 15 bytes (line 4)");
  EXPECT_EQ(kepler("process_dram", 1), "[green.kepler] metric_kind \"process_dram\" was removed: use process (line 3)");
}

constexpr std::string_view kAlumet = "endpoint = \"http://h\"\nmetric_name = \" m \"\nlabel_key = \"k\"\n";

TEST(Validate, AlumetNeedsItsNamesAndKeepsItsLabelsApart) {
  const auto alumet = [](std::string_view more) {
    return verdict("[green.alumet]\n" + std::string(kAlumet) + std::string(more));
  };
  EXPECT_EQ(alumet(""), "ok");
  EXPECT_EQ(load_text("[green.alumet]\n" + std::string(kAlumet), "t")->config.green.alumet.metric_name, "m");
  EXPECT_EQ(alumet("energy_interval_secs = 0"), "[green.alumet] energy_interval_secs must be > 0, got 0 (line 5)");
  EXPECT_EQ(alumet("energy_interval_secs = -1"), "[green.alumet] energy_interval_secs must be > 0, got -1 (line 5)");
  EXPECT_EQ(alumet("energy_interval_secs = 0.001"), "ok");
  EXPECT_EQ(alumet("energy_interval_secs = 3600"), "ok");
  EXPECT_EQ(alumet("energy_interval_secs = 3600.5"),
            "[green.alumet] energy_interval_secs must be <= 3600, got 3600.5 (line 5)");
  EXPECT_EQ(alumet("[green.alumet.database]\nlabel_value = \" \""), "[green.alumet.database] label_value is blank (line 6)");
  EXPECT_EQ(alumet("[green.alumet.database]\nregion = \"r\""), "green.alumet.database: missing key label_value (line 5)");
  EXPECT_EQ(alumet("service_mappings = { a = \"pg\" }\n[green.alumet.database]\nlabel_value = \"pg\""),
            "[green.alumet.database] label_value \"pg\" is also a value of [green.alumet] service_mappings (line 7)");
  EXPECT_EQ(alumet("[green.alumet.database]\nlabel_value = \"x\"\n[green.alumet.broker]\nlabel_value = \"x\""),
            "[green.alumet.broker] label_value \"x\" is also that of [green.alumet.database] (line 8)");
  EXPECT_EQ(verdict("[green.alumet.broker]\nlabel_value = \"x\""),
            "[green.alumet.broker] needs [green.alumet] endpoint (line 1)");
  EXPECT_EQ(
      advice("[green.alumet]\n" + std::string(kAlumet) + "[green.alumet.database]\nlabel_value = \"x\"\nregion = \"mars-1\""),
      "[green.alumet.database] region \"mars-1\" is not in the table of regions: its carbon is not computed\n");
}

TEST(Validate, RedfishServicesRunInDeclaredChassis) {
  const std::string endpoint = "endpoints.c1 = { url = \"https://b\", schema = \"environment_metrics\" }\n";
  EXPECT_EQ(verdict(under("green.redfish", endpoint + "service_mappings = { cart = \"c1\" }")), "ok");
  EXPECT_EQ(verdict(under("green.redfish", endpoint + "service_mappings = { cart = \"c2\" }")),
            "[green.redfish] service_mappings entry \"cart\": chassis \"c2\" is not in endpoints (line 3)");
  EXPECT_EQ(verdict(under("green.redfish", endpoint + "ca_bundle_path = \"\"")),
            "[green.redfish] ca_bundle_path is empty (line 3)");
  EXPECT_EQ(verdict(under("green.redfish", "endpoints.c1 = { url = \"https://u:p@b\", schema = \"legacy_power\" }")),
            "[green.redfish] endpoints entry \"c1\": url (not shown: it may hold a password): user information is not allowed: "
            "use auth_header (line 2)");
  EXPECT_EQ(verdict(under("green.redfish", "endpoints.c1 = { url = \"https://b\", schema = \"x\" }")),
            "green.redfish.endpoints.c1.schema: expected legacy_power or environment_metrics, got \"x\" (line 2)");
}

TEST(Validate, CloudServicesNameAMachineOrWatts) {
  const auto cart = [](std::string_view keys) {
    return verdict("[green.cloud]\nprometheus_endpoint = \"http://p\"\n[green.cloud.services.cart]\n" + std::string(keys));
  };
  EXPECT_EQ(cart(""), "ok");
  EXPECT_EQ(cart("provider = \"ibm\""), "[green.cloud.services.cart] provider \"ibm\" is none of aws, gcp, azure (line 4)");
  EXPECT_EQ(cart("provider = \"ibm\"\nmax_watts = 1"), "ok");
  EXPECT_EQ(cart("idle_watts = -1"), "[green.cloud.services.cart] idle_watts must be >= 0, got -1 (line 4)");
  EXPECT_EQ(cart("idle_watts = inf"), "[green.cloud.services.cart] idle_watts must be finite (line 4)");
  EXPECT_EQ(cart("idle_watts = 9\nmax_watts = 5.5"),
            "[green.cloud.services.cart] max_watts must be >= idle_watts 9, got 5.5 (line 5)");
  EXPECT_EQ(cart("max_watts = 0\nidle_watts = 0"), "ok");
  EXPECT_EQ(advice("[green.cloud]\nprometheus_endpoint = \"http://p\"\n[green.cloud.services.cart]\ninstance_type = \"x\""),
            "[green.cloud] services.cart.instance_type \"x\" is unknown: the provider's default power is used\n");
}

TEST(Validate, AStaticBrokerNeedsBothFigures) {
  EXPECT_EQ(verdict(under("green.broker_static", "nodes = 3")),
            "[green.broker_static] nodes and instance_type must be set together (line 2)");
  EXPECT_EQ(verdict(under("green.broker_static", "provider = \"ibm\"")), "ok");
  EXPECT_EQ(verdict(under("green.broker_static", "nodes = 3\ninstance_type = \"m5.large\"\nprovider = \"ibm\"")),
            "[green.broker_static] provider \"ibm\" is none of aws, gcp, azure, generic (line 4)");
  const Config config =
      load_text(under("green.broker_static", "nodes = 3\ninstance_type = \" m5.large \"\nprovider = \" AWS \""), "t")->config;
  EXPECT_EQ(config.green.broker_static.provider, "aws");
  EXPECT_EQ(config.green.broker_static.instance_type, "m5.large");
  EXPECT_EQ(config.green.configured_backends, std::vector<std::string>{"broker_static"});
}

TEST(Validate, ElectricityMapsIsOffWithoutATokenAndNeedsAMapWithOne) {
  const auto maps = [](std::string_view keys) { return verdict(under("green.electricity_maps", keys)); };
  EXPECT_EQ(maps("poll_interval_secs = 1"), "ok");
  EXPECT_EQ(maps("api_key = \"\""), "ok");
  EXPECT_EQ(maps("api_key = \"k\""), "[green.electricity_maps] region_map needs at least one region (line 2)");
  EXPECT_EQ(maps("api_key = \"k\"\nregion_map = { r = \"F R\" }"),
            "[green.electricity_maps] region_map entry \"r\": zone \"F R\" holds one of & # = ? % + or a blank (line 3)");
  EXPECT_EQ(maps("api_key = \"k\\u0001\"\nregion_map = { r = \"FR\" }"),
            "[green.electricity_maps] api_key holds control characters (line 2)");
  EXPECT_EQ(verdict("", {{"PERF_SENTINEL_EMAPS_TOKEN", "t"}}),
            "Error parsing config: in merged configuration: [green.electricity_maps] region_map needs at least one region "
            "(from PERF_SENTINEL_EMAPS_TOKEN)");
  const GreenConfig off =
      load_text(under("green.electricity_maps", "api_key = \"k\""), "t", options_with({{"PERF_SENTINEL_EMAPS_TOKEN", ""}}))
          ->config.green;
  EXPECT_FALSE(off.electricity_maps);
}

TEST(Validate, ElectricityMapsSaysWhatScoringRecords) {
  const auto recorded = [](std::string_view keys) {
    const GreenConfig green =
        load_text(under("green.electricity_maps", "api_key = \"k\"\nregion_map = { r = \"FR\" }\n" + std::string(keys)), "t")
            ->config.green;
    return green.emaps_api_version + " " + green.emaps_emission_factor_type + " " + green.emaps_temporal_granularity;
  };
  EXPECT_EQ(recorded(""), "v4 lifecycle hourly");
  EXPECT_EQ(recorded("endpoint = \"https://a/v3//\"\nemission_factor_type = \"Direct\""), "v3 direct hourly");
  EXPECT_EQ(recorded("endpoint = \"https://a/v4/x\"\ntemporal_granularity = \"15_minutes\""), "v4 lifecycle 15_minutes");
  EXPECT_EQ(recorded("endpoint = \"https://a/x\"\nemission_factor_type = \"x\"\ntemporal_granularity = \"y\""),
            "custom lifecycle hourly");
}

TEST(Validate, ConfiguredBackendsAreListedInTheirOrder) {
  const GreenConfig green =
      load_text(
          "[green.kepler]\nendpoint = \"http://h\"\n[green.scaphandre]\nendpoint = "
          "\"http://h\"\n[green.electricity_maps]\napi_key = \"k\"\n"
          "region_map = { r = \"FR\" }\n[green.cloud]\nprometheus_endpoint = \"http://h\"\n[green.alumet]\n" +
              std::string(kAlumet),
          "t")
          ->config.green;
  EXPECT_EQ(green.configured_backends,
            (std::vector<std::string>{"alumet", "scaphandre", "kepler", "cloud", "electricity_maps"}));
}

// -- the rest of the daemon

TEST(Validate, TlsFilesComeInPairsAndExist) {
  EXPECT_EQ(verdict("daemon.tls_cert_path = '/x'"), "[daemon] tls.cert_path and tls.key_path must be set together (line 1)");
  Folder folder;
  folder.file("cert", "").file("key", "");
  const std::string pair =
      "daemon.tls_cert_path = '" + folder.at("cert") + "'\ndaemon.tls_key_path = '" + folder.at("key") + "'\n";
  ::chmod(folder.at("key").c_str(), 0600);
  EXPECT_EQ(verdict(pair), "ok");
  EXPECT_EQ(advice(pair), "");
  ::chmod(folder.at("key").c_str(), 0640);
  EXPECT_EQ(folder.shortened(advice(pair)), "[daemon] tls.key_path \"<dir>/key\" can be read by others: chmod 600 it\n");
  std::filesystem::remove(folder.at("key"));
  EXPECT_EQ(folder.shortened(verdict(pair)), "[daemon] tls.key_path \"<dir>/key\": No such file or directory (line 2)");
}

TEST(Validate, AnAuthorityOfClientsNeedsTlsAndExists) {
  const std::string authority = "daemon.tls_client_ca_path = '/x'\n";
  EXPECT_EQ(verdict(authority), "[daemon] tls.client_ca_path needs tls.cert_path and tls.key_path (line 1)");
  Folder folder;
  folder.file("cert", "").file("key", "");
  const std::string pair =
      "daemon.tls_cert_path = '" + folder.at("cert") + "'\ndaemon.tls_key_path = '" + folder.at("key") + "'\n";
  EXPECT_EQ(verdict(pair + authority), "[daemon] tls.client_ca_path \"/x\": No such file or directory (line 3)");
  EXPECT_EQ(verdict(pair + "daemon.tls_client_ca_path = '" + folder.at("cert") + "'"), "ok");
}

TEST(Validate, AckKeysAreLongEnough) {
  const auto key = [](std::string_view value) { return verdict("daemon.ack.api_key = \"" + std::string(value) + "\""); };
  EXPECT_EQ(key("   "), "[daemon.ack] api_key is empty: set a key, or leave it out (line 1)");
  EXPECT_EQ(key("12345678901"), "[daemon.ack] api_key must be at least 12 bytes long (line 1)");
  EXPECT_EQ(key(" 12345678901 "), "[daemon.ack] api_key must be at least 12 bytes long (line 1)");
  EXPECT_EQ(key("123456789012"), "ok");
  EXPECT_EQ(key("123456789012\\u0001345"), "[daemon.ack] api_key holds control characters (line 1)");
  EXPECT_EQ(advice("daemon.ack.api_key = \"123456789012345\""),
            "[daemon.ack] api_key is shorter than 16 bytes: a longer one is harder to guess\n");
  EXPECT_EQ(advice("daemon.ack.api_key = \"1234567890123456\""), "");
}

TEST(Validate, CorsOriginsAreOriginsOrOneStar) {
  const auto cors = [](std::string_view list) { return verdict("daemon.cors.allowed_origins = " + std::string(list)); };
  EXPECT_EQ(cors("['*']"), "ok");
  EXPECT_EQ(cors("['https://a', 'http://b:1']"), "ok");
  EXPECT_EQ(cors("['*', '']"), "[daemon.cors] allowed_origins: \"*\" must stand alone (line 1)");
  EXPECT_EQ(cors("['']"), "[daemon.cors] allowed_origins entry \"\" is empty (line 1)");
  EXPECT_EQ(cors("['a.example']"),
            "[daemon.cors] allowed_origins entry \"a.example\" must start with http:// or https:// (line 1)");
  EXPECT_EQ(cors("['https://a/']"), "[daemon.cors] allowed_origins entry \"https://a/\" must not end with / (line 1)");
  EXPECT_EQ(cors("['https://a']\ndaemon.api_enabled = false"),
            "[daemon.cors] allowed_origins has no effect with [daemon] api_enabled = false: drop one of them (line 1)");
}

TEST(Validate, TheArchiveNeedsAPathAndGreen) {
  EXPECT_EQ(verdict("daemon.archive.max_size_mb = 0"), "ok");
  EXPECT_EQ(verdict("[daemon.archive]\npath = \"a\"\nmax_size_mb = 0"),
            "[daemon.archive] max_size_mb must be >= 1, got 0 (line 3)");
  EXPECT_EQ(verdict("daemon.archive.path = \" \""), "[daemon.archive] path is blank (line 1)");
  EXPECT_EQ(verdict("daemon.archive.path = \"a\"\ngreen.enabled = false"),
            "[daemon.archive] path needs [green] enabled = true: without it there is nothing to archive (line 1)");
}

TEST(Validate, CorrelationTakesAnyNumber) {
  EXPECT_EQ(verdict("[daemon.correlation]\nwindow_minutes = 0\nmin_confidence = nan\nmax_tracked_pairs = 0"), "ok");
  CorrelationConfig correlation;
  EXPECT_EQ(correlation.window_ms(), 600'000U);
  correlation.window_minutes = UINT64_MAX / 2;
  EXPECT_EQ(correlation.window_ms(), UINT64_MAX);
}

TEST(Validate, ReportingIntentsAreExactAndOfficialNeedsAnOrganisation) {
  EXPECT_EQ(verdict("reporting.intent = \"Internal\""),
            "[reporting] intent \"Internal\" is none of internal, official, audited (line 1)");
  EXPECT_EQ(verdict("reporting.confidentiality_level = \"secret\""),
            "[reporting] confidentiality_level \"secret\" is neither internal nor public (line 1)");
  EXPECT_EQ(verdict("reporting.intent = \"official\""),
            "[reporting] org_config_path is required with intent \"official\" (line 1)");
  EXPECT_EQ(verdict("reporting.intent = \"official\"\nreporting.org_config_path = \"o.toml\""), "ok");
  EXPECT_EQ(advice("reporting.disclose_output_path = \"x\""),
            "[reporting] disclose_output_path is reserved and has no effect yet\n");
}

TEST(Validate, TelemetryListensOnAnAddressWithDistinctPaths) {
  EXPECT_EQ(verdict("[telemetry]\nenabled = true\nlisten = \"[::1]:8888\"\n[telemetry.paths]\nmetrics = \"/m\""), "ok");
  EXPECT_EQ(verdict("telemetry.listen = \"localhost\""),
            "[telemetry] listen \"localhost\": it has no port (expected host:port) (line 1)");
  EXPECT_EQ(verdict("telemetry.listen = \"h:0\""),
            "[telemetry] listen \"h:0\": the port must be a number from 1 to 65535 (line 1)");
  EXPECT_EQ(verdict("telemetry.listen = \"h:65535\""), "ok");
  EXPECT_EQ(verdict("telemetry.listen = \"h:65536\""),
            "[telemetry] listen \"h:65536\": the port must be a number from 1 to 65535 (line 1)");
  EXPECT_EQ(verdict("telemetry.paths.metrics = \"metrics\""),
            "[telemetry.paths] metrics \"metrics\": it must start with / (line 1)");
  EXPECT_EQ(verdict("telemetry.paths.metrics = \"/a?b\""),
            "[telemetry.paths] metrics \"/a?b\": it holds a query or fragment (line 1)");
  EXPECT_EQ(verdict("telemetry.paths.readyz = \"/healthz\""),
            "[telemetry.paths] healthz and readyz are the same path (line 1)");
  EXPECT_EQ(verdict("telemetry.tls.cert_file = \"c\""), "[telemetry.tls] cert_file and key_file must be set together (line 1)");
  EXPECT_EQ(verdict("telemetry.tls.min_version = \"1.1\""),
            "[telemetry.tls] min_version \"1.1\" is neither 1.2 nor 1.3 (line 1)");
}

}  // namespace
}  // namespace sentinel::config
