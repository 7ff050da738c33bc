#include "disclosure/org_config.h"

#include <limits>

#include "config/file_text.h"
#include "config/toml.h"
#include "disclosure/files.h"

namespace sentinel::disclosure {
namespace {

using config::toml::Array;
using config::toml::Position;
using config::toml::Table;
using config::toml::Value;

std::string place(Position where) {
  return where.line == 0 ? std::string() : ", line " + std::to_string(where.line) + ", column " + std::to_string(where.column);
}

// Reads keys of one table; the first thing that is wrong is kept.
class Section {
 public:
  Section(const Value* table, std::string name, base::Error& error) : table_(table), name_(std::move(name)), error_(error) {
    if (table_ != nullptr && table_->as<Table>() == nullptr) wrong(*table_, "", "a table");
  }

  Section section(std::string_view key, bool required) const {
    const Value* found = find(key);
    if (found == nullptr && required) missing(key);
    return {found, full(key), error_};
  }

  void text(std::string_view key, std::string& out, bool required = true) const {
    const Value* value = found(key, required);
    if (value != nullptr) take<std::string>(*value, key, "a string", [&](const std::string& text) { out = text; });
  }

  void text(std::string_view key, std::optional<std::string>& out) const {
    const Value* value = find(key);
    if (value != nullptr) take<std::string>(*value, key, "a string", [&](const std::string& text) { out = text; });
  }

  void flag(std::string_view key, bool& out) const {
    const Value* value = find(key);
    if (value != nullptr) take<bool>(*value, key, "true or false", [&](bool on) { out = on; });
  }

  void count(std::string_view key, bool required, std::int64_t max, std::optional<std::uint64_t>& out) const {
    const Value* value = found(key, required);
    if (value == nullptr) return;
    take<std::int64_t>(*value, key, "an integer", [&](std::int64_t number) {
      if (number < 0 || number > max) return wrong(*value, key, "between 0 and " + std::to_string(max));
      out = static_cast<std::uint64_t>(number);
    });
  }

  void texts(std::string_view key, std::vector<std::string>& out) const {
    each_item(key, [&](const Value& item) {
      take<std::string>(item, key, "a list of strings", [&](const std::string& text) { out.push_back(text); });
    });
  }

  // {name_key = "…", reason = "…"}
  void reasons(std::string_view key, std::string_view name_key, std::vector<NamedReason>& out) const {
    std::size_t index = 0;
    each_item(key, [&](const Value& item) {
      const Section entry(&item, full(key) + "[" + std::to_string(index++) + "]", error_);
      NamedReason& reason = out.emplace_back();
      entry.text(name_key, reason.name);
      entry.text("reason", reason.reason);
    });
  }

  void text_map(std::map<std::string, std::string>& out) const {
    if (table_ == nullptr || table_->as<Table>() == nullptr) return;
    for (const auto& [key, value] : *table_->as<Table>()) text(key, out[key]);
  }

  [[nodiscard]] const Value* find(std::string_view key) const { return table_ != nullptr ? table_->find(key) : nullptr; }

  void wrong(const Value& value, std::string_view key, const std::string& expected) const {
    if (error_.what.empty()) error_ = {"\"" + full(key) + "\" must be " + expected, place(value.where()), ""};
  }

 private:
  [[nodiscard]] std::string full(std::string_view key) const {
    return name_ + (name_.empty() || key.empty() ? "" : ".") + std::string(key);
  }
  void missing(std::string_view key) const {
    if (error_.what.empty()) error_ = {"\"" + full(key) + "\" is missing", table_ != nullptr ? place(table_->where()) : "", ""};
  }
  const Value* found(std::string_view key, bool required) const {
    const Value* value = find(key);
    if (value == nullptr && required) missing(key);
    return value;
  }
  template <class T, class Use>
  void take(const Value& value, std::string_view key, const char* expected, Use use) const {
    if (const T* content = value.as<T>()) {
      use(*content);
    } else {
      wrong(value, key, expected);
    }
  }
  template <class Use>
  void each_item(std::string_view key, Use use) const {
    const Value* value = find(key);
    if (value == nullptr) return;
    take<Array>(*value, key, "a list", [&](const Array& items) {
      for (const Value& item : items) use(item);
    });
  }

  const Value* table_;
  std::string name_;
  base::Error& error_;
};

void read_conformance(const Section& methodology, Conformance& out) {
  std::string name;
  methodology.text("conformance", name);
  for (const Conformance value : {Conformance::kCoreRequired, Conformance::kExtended, Conformance::kPartial}) {
    if (slug(value) != name) continue;
    out = value;
    return;
  }
  if (const Value* value = methodology.find("conformance")) {
    methodology.wrong(*value, "conformance", "core-required, extended or partial");
  }
}

void read_organisation(const Section& section, OrgConfig& org) {
  section.text("name", org.name);
  section.text("country", org.country);
  section.text("sector", org.sector);
  const Section identifiers = section.section("identifiers", false);
  identifiers.text("siren", org.identifiers.siren);
  identifiers.text("vat", org.identifiers.vat);
  identifiers.text("lei", org.identifiers.lei);
  identifiers.text("opencorporates_url", org.identifiers.opencorporates_url);
  identifiers.text("domain", org.identifiers.domain);
}

void read_methodology(const Section& section, OrgConfig& org) {
  section.text("sci_specification", org.sci_specification);
  read_conformance(section, org.conformance);
  section.texts("enabled_patterns", org.enabled_patterns);
  section.reasons("disabled_patterns", "name", org.disabled_patterns);
  const Section calibration = section.section("calibration", true);
  calibration.text("carbon_intensity_source", org.carbon_intensity_source);
  calibration.text("specpower_table_version", org.specpower_table_version);
  calibration.texts("cloud_regions", org.cloud_regions);
  calibration.flag("scaphandre_used", org.scaphandre_used);
}

void read_scope(const Section& section, OrgConfig& org) {
  std::optional<std::uint64_t> declared;
  section.count("total_applications_declared", true, std::numeric_limits<std::uint32_t>::max(), declared);
  org.total_applications_declared = static_cast<std::uint32_t>(declared.value_or(0));
  section.count("total_requests_in_period", false, std::numeric_limits<std::int64_t>::max(), org.total_requests_in_period);
  section.reasons("applications_excluded", "service_name", org.applications_excluded);
  section.texts("environments_measured", org.environments_measured);
  section.reasons("environments_excluded", "name", org.environments_excluded);
}

}  // namespace

base::Result<OrgConfig> parse_org_config(std::string_view text, const std::string& path) {
  const auto root = config::toml::parse(text);
  if (!root) return base::Error{root.error().what, path + ", " + root.error().where, root.error().hint};
  OrgConfig org;
  base::Error error;
  const Section whole(&*root, "", error);
  read_organisation(whole.section("organisation", true), org);
  read_methodology(whole.section("methodology", true), org);
  read_scope(whole.section("scope_manifest", true), org);
  const Section notes = whole.section("notes", false);
  notes.texts("disclaimers", org.disclaimers);
  notes.section("reference_urls", false).text_map(org.reference_urls);
  if (error.what.empty()) return org;
  error.where = path + error.where;
  return error;
}

base::Result<OrgConfig> load_org_config(const std::string& path) {
  if (is_symlink(path)) return base::Error{"is a symbolic link", path, "name the file itself"};
  const auto text = config::read_text_file(path, config::kMaxConfigBytes);
  if (!text) return base::Error{text.error().what, path, ""};
  return parse_org_config(*text, path);
}

}  // namespace sentinel::disclosure
