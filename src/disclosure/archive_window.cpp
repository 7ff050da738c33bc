#include "disclosure/archive_window.h"

#include "analysis/report_shape.h"
#include "base/json_writer.h"
#include "disclosure/content_hash.h"

namespace sentinel::disclosure {
namespace {

// Members of a report that was checked to be one: what is missing keeps its default.
double number(const JsonNode& from, std::string_view key, double fallback = 0.0) {
  const JsonNode* value = from.find(key);
  return value != nullptr && !value->is(JsonNode::Kind::kNull) ? value->as_number() : fallback;
}

std::uint64_t count(const JsonNode& from, std::string_view key) {
  const JsonNode* value = from.find(key);
  return value != nullptr ? value->as_unsigned() : 0;
}

std::string_view text(const JsonNode& from, std::string_view key) {
  const JsonNode* value = from.find(key);
  return value != nullptr ? value->text() : std::string_view();
}

// nullptr for what is absent or null.
const JsonNode* present(const JsonNode& from, std::string_view key) {
  const JsonNode* value = from.find(key);
  return value == nullptr || value->is(JsonNode::Kind::kNull) ? nullptr : value;
}

std::optional<double> maybe_number(const JsonNode& from, std::string_view key) {
  const JsonNode* value = present(from, key);
  return value != nullptr ? std::optional(value->as_number()) : std::nullopt;
}

std::optional<bool> maybe_bool(const JsonNode& from, std::string_view key) {
  const JsonNode* value = present(from, key);
  return value != nullptr ? std::optional(value->as_bool()) : std::nullopt;
}

WindowTier read_tier(const JsonNode* tier) {
  if (tier == nullptr) return {};
  return {.n_plus_one_threshold = static_cast<std::uint32_t>(count(*tier, "n_plus_one_threshold")),
          .avoidable_io_ops = count(*tier, "avoidable_io_ops"),
          .avoidable_kwh = number(*tier, "avoidable_kwh"),
          .avoidable_gco2 = number(*tier, "avoidable_gco2")};
}

std::optional<WindowWasteBlock> read_block(const JsonNode* block) {
  if (block == nullptr) return std::nullopt;
  return WindowWasteBlock{.energy_kwh = number(*block, "energy_kwh"),
                          .model = text(*block, "model"),
                          .operational_waste_kwh = number(*block, "operational_waste_kwh"),
                          .operational_waste_gco2 = maybe_number(*block, "operational_waste_gco2"),
                          .canonical_waste_kwh = number(*block, "canonical_waste_kwh"),
                          .canonical_waste_gco2 = maybe_number(*block, "canonical_waste_gco2"),
                          .energy_gco2 = maybe_number(*block, "energy_gco2")};
}

WindowCarbon read_carbon(const JsonNode& co2) {
  WindowCarbon out;
  if (const JsonNode* total = co2.find("total")) {
    out.total_mid = number(*total, "mid");
    out.methodology = text(*total, "methodology");
  }
  if (const JsonNode* avoidable = co2.find("avoidable")) out.avoidable_mid = number(*avoidable, "mid");
  out.operational = number(co2, "operational_gco2");
  out.embodied = number(co2, "embodied_gco2");
  out.transport = number(co2, "transport_gco2");
  return out;
}

WindowCoefficients read_coefficients(const JsonNode& scoring) {
  return {.embodied_per_request_gco2 = maybe_number(scoring, "embodied_per_request_gco2"),
          .network_energy_per_byte_kwh = maybe_number(scoring, "network_energy_per_byte_kwh"),
          .per_operation_coefficients = maybe_bool(scoring, "per_operation_coefficients"),
          .use_hourly_profiles = maybe_bool(scoring, "use_hourly_profiles")};
}

void read_numbers(const JsonNode& green, std::string_view key, ByService<double>& out) {
  if (const JsonNode* map = green.find(key)) {
    for (const JsonMember& entry : map->members()) out.emplace_back(entry.key, entry.value.as_number());
  }
}

void read_green(const JsonNode& green, Window& out) {
  out.total_io_ops = count(green, "total_io_ops");
  out.avoidable_io_ops = count(green, "avoidable_io_ops");
  out.energy_kwh = number(green, "energy_kwh");
  out.energy_model = text(green, "energy_model");
  if (const JsonNode* co2 = present(green, "co2")) out.co2 = read_carbon(*co2);
  if (const JsonNode* scoring = present(green, "scoring_config")) out.coefficients = read_coefficients(*scoring);
  read_numbers(green, "per_service_carbon_kgco2eq", out.carbon_kgco2eq);
  read_numbers(green, "per_service_energy_kwh", out.energy_by_service);
  read_numbers(green, "per_service_measured_ratio", out.measured_ratio);
  if (const JsonNode* models = green.find("per_service_energy_model")) {
    for (const JsonMember& entry : models->members()) out.energy_models.emplace_back(entry.key, entry.value.text());
  }
}

void read_lists(const JsonNode& report, Window& out) {
  if (const JsonNode* findings = report.find("findings")) {
    for (const JsonNode& finding : findings->items()) {
      const JsonNode* pattern = finding.find("pattern");
      const auto type = analysis::finding_type_named(text(finding, "type"));
      out.findings.push_back({.type = type.value_or(model::FindingType::kNPlusOneSql),
                              .service = text(finding, "service"),
                              .occurrences = pattern != nullptr ? count(*pattern, "occurrences") : 0});
    }
  }
  if (const JsonNode* endpoints = report.find("per_endpoint_io_ops")) {
    for (const JsonNode& entry : endpoints->items()) {
      out.endpoints.push_back({text(entry, "service"), text(entry, "endpoint"), count(entry, "io_ops")});
    }
  }
}

void read_report(const JsonNode& report, Window& out) {
  if (const JsonNode* analysis = report.find("analysis")) out.traces_analyzed = count(*analysis, "traces_analyzed");
  out.binary_version = text(report, "binary_version");
  if (const JsonNode* green = report.find("green_summary")) read_green(*green, out);
  read_lists(report, out);
  if (const JsonNode* waste = present(report, "disclosure_waste")) {
    out.waste = WindowDisclosureWaste{.operational = read_tier(waste->find("operational")),
                                      .canonical = read_tier(waste->find("canonical")),
                                      .database = read_block(present(*waste, "database")),
                                      .messaging = read_block(present(*waste, "messaging"))};
  }
}

}  // namespace

const ArchiveLine& ArchiveLineReader::read(std::string_view line) {
  arena_.rewind();
  line_ = {};
  canonical_.clear();
  report_text_ = {};
  root_ = {};
  const auto root = parse_json(line, arena_);
  if (!root) {
    not_json_ = root.error();
    return line_;
  }
  root_ = *root;
  line_.is_json = true;
  if (const JsonNode* ts = root_.find("ts"); ts != nullptr && ts->is(JsonNode::Kind::kString))
    line_.ts = parse_instant(ts->text());
  if (const JsonNode* prev = root_.find("prev"); prev != nullptr && prev->is(JsonNode::Kind::kString))
    line_.prev = prev->text();
  if (const JsonNode* seq = root_.find("seq"); seq != nullptr && seq->is(JsonNode::Kind::kUnsigned))
    line_.seq = seq->as_unsigned();

  // The canonical text serves twice: it is hashed, and the report in it is what the shape is checked on.
  std::size_t report_begin = 0;
  std::size_t report_end = 0;
  const char* separator = "{";
  for (const JsonMember& member : root_.members()) {
    if (member.key == "hash") continue;
    canonical_ += separator;
    separator = ",";
    base::append_json_string(canonical_, member.key);
    canonical_ += ':';
    const std::size_t begin = canonical_.size();
    append_canonical(canonical_, member.value);
    if (member.key == "report") {
      report_begin = begin;
      report_end = canonical_.size();
    }
  }
  canonical_ += *separator == '{' ? "{}" : "}";
  report_text_ = std::string_view(canonical_).substr(report_begin, report_end - report_begin);
  if (const JsonNode* hash = root_.find("hash"); hash != nullptr && hash->is(JsonNode::Kind::kString)) {
    line_.has_hash = true;
    line_.stated_hash = hash->text();
    line_.computed_hash = prefixed_sha256(canonical_);
  }
  return line_;
}

base::Status ArchiveLineReader::window(Window& out) const {
  if (!line_.is_json) return base::Error{"not JSON: " + not_json_.what, not_json_.where, ""};
  if (!root_.is(JsonNode::Kind::kObject)) return base::Error{"not an object", "", ""};
  if (!line_.ts) return base::Error{"\"ts\" is not a time", "", ""};
  const JsonNode* report = root_.find("report");
  if (report == nullptr) return base::Error{"\"report\" is missing", "", ""};
  if (base::Status shape = analysis::check_report_shape(report_text_, kMaxJsonDepth); !shape) {
    return base::Error{shape.error().what, "report: " + shape.error().where, ""};
  }
  out = {};
  out.ts = *line_.ts;
  read_report(*report, out);
  return base::success();
}

}  // namespace sentinel::disclosure
