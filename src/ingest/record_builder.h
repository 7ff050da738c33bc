// Texts of one event -> a span record: sanitising (chapter 01 §2), normalising and interning in one place for every format.
//
// One builder belongs to one worker thread and writes into its Symbols. No allocation once its texts have been seen. Where the
// texts it is given last, neighbours that share one are told by its place, and span ids are not copied.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hex.h"
#include "base/same_bytes.h"
#include "config/config.h"
#include "ingest/raw_event.h"
#include "model/symbols.h"
#include "normalize/normalizer.h"

namespace sentinel::ingest {

using base::TextId;

struct SpanNode;  // decoded.h

// What the configuration says about reading input.
struct IngestSettings {
  std::vector<std::string> grouping_keys;              // [detection] grouping_attributes, at most 8
  std::map<std::string, std::string> service_regions;  // [green.service_regions], lower-case host -> region
  bool keep_targets = false;                           // put each target into SpanExtra, for a replay of the events
  bool keep_context = false;                           // keep the spans that are not I/O as Ingested::context

  [[nodiscard]] static IngestSettings from(const config::Config& config);
};

// How long the texts given to a builder stay as they are: for the call, or as long as the Symbols that it fills.
enum class TextLife : std::uint8_t { kCall, kSymbols };

class RecordBuilder {
 public:
  RecordBuilder(model::Symbols& symbols, const IngestSettings& settings, TextLife life = TextLife::kCall)
      : symbols_(symbols), settings_(settings), life_(life), normalizer_(symbols) {}

  [[nodiscard]] model::Symbols& symbols() { return symbols_; }
  [[nodiscard]] const IngestSettings& settings() const { return settings_; }

  // The whole of a native event.
  void build(const RawEvent& event, model::SpanRecord& record);

  // -- parts, for formats that bring their fields one by one; each sanitises as §2.1 says

  TextId trace_id(std::string_view text) { return last_trace_.is(text) ? last_trace_.id : new_trace_id(text); }
  TextId service(std::string_view text) { return last_service_.is(text) ? last_service_.id : new_service(text); }
  TextId operation(std::string_view text, model::EventType type = model::EventType::kSql) {
    Last& last = last_operation_[static_cast<std::size_t>(type)];
    return last.is(text) ? last.id : new_operation(last, text);
  }
  TextId endpoint(std::string_view text) { return last_endpoint_.is(text) ? last_endpoint_.id : new_endpoint(text); }
  // kNoText unless valid.
  TextId region(std::string_view text) { return last_region_.is(text) ? last_region_.id : new_region(text); }
  TextId scope(std::string_view name) { return symbols_.texts.intern(name); }

  // Sets type, template, parameters and, for calls to hosts that service_regions names, the peer region.
  // `target_hash` is base::hash64() of the target where the caller has it.
  void target(model::EventType type, std::string_view operation, std::string_view target, model::SpanRecord& record,
              const std::uint64_t* target_hash = nullptr);

  // 16 lower-case hex digits become a number, anything else a text id; *is_text tells which.
  std::uint64_t span_id(std::string_view text, bool* is_text) {
    std::uint64_t value = 0;
    *is_text = text.size() != 16 || !base::parse_hex16(text.data(), &value);
    return *is_text ? opaque_id(text) : value;
  }
  // The same where nothing compares ids while reading: a text is kept, not looked up.
  std::uint64_t kept_span_id(std::string_view text, bool* is_text) {
    std::uint64_t value = 0;
    // Most texts of that length that are no number show it in their first byte.
    *is_text = text.size() != 16 || !base::is_lower_hex_digit(text.front()) || !base::parse_hex16(text.data(), &value);
    if (!*is_text) return value;
    text = cut(text, kIdBytes);
    const bool lasts = life_ == TextLife::kSymbols;
    return model::Symbols::kLoggedId | (lasts ? symbols_.span_ids.add_lasting(text) : symbols_.span_ids.add(text));
  }

  // Code attributes as an origin without scopes; a null data() means absent.
  model::OriginId code(std::string_view function, std::string_view filepath, std::string_view code_namespace,
                       std::optional<std::uint32_t> lineno) {
    if (function.data() == nullptr && filepath.data() == nullptr && code_namespace.data() == nullptr && !lineno) return 0;
    return known_code(function, filepath, code_namespace, lineno);
  }

  // Of `captured`, the first pair of each configured key, in configured order; not sanitised.
  std::span<const model::GroupPair> select_grouping(std::span<const model::GroupPair> captured);
  // Sanitised (§2.1 step 4) and interned.
  model::GroupingId grouping(std::span<const model::GroupPair> pairs);

  // Trace, id and parent of a span that has a node.
  static void set_ids(model::SpanRecord& record, const SpanNode& node);

 private:
  static constexpr std::size_t kIdBytes = 128;
  static constexpr std::size_t kServiceBytes = 256;
  static constexpr std::size_t kOperationBytes = 256;

  static void set_span_id(model::SpanRecord& record, std::uint64_t id, bool is_text);
  static void set_parent(model::SpanRecord& record, std::uint64_t id, bool is_text);
  static std::string_view cut(std::string_view text, std::size_t max);
  void timestamp(std::string_view text, model::SpanRecord& record);
  void other_timestamp(std::string_view text, model::SpanRecord& record);
  bool in_last_minute(std::string_view text, std::uint64_t* ms) const;
  void set_target(model::EventType type, std::string_view operation, std::string_view target, model::SpanRecord& record,
                  const std::uint64_t* target_hash);
  void configured_extras(model::EventType type, std::string_view target, model::SpanRecord& record);
  model::SpanExtra& extra(model::SpanRecord& record);

  model::Symbols& symbols_;
  const IngestSettings& settings_;
  TextLife life_;
  normalize::Normalizer normalizer_;
  model::OriginId origin(const RawEvent& event);
  model::OriginId known_code(std::string_view function, std::string_view filepath, std::string_view code_namespace,
                             std::optional<std::uint32_t> lineno);
  model::OriginId new_code(std::string_view function, std::string_view filepath, std::string_view code_namespace,
                           std::optional<std::uint32_t> lineno);

  // Code attributes come from few places: their origins by the raw texts.
  struct KnownCode {
    std::string texts;  // function, filepath and namespace, one behind the other
    std::array<std::uint32_t, 3> sizes{};
    std::optional<std::uint32_t> lineno;
    model::OriginId id = 0;
  };
  static constexpr std::size_t kKnownCodes = 256;
  std::vector<KnownCode> known_codes_ = std::vector<KnownCode>(kKnownCodes);

  // The last text of a kind: spans come in trains that share their service, endpoint, region and operation.
  struct Last {
    std::string_view text;  // the pool's or the caller's where that lasts, else views `copy`
    TextId id = 0;
    std::string copy;
    [[nodiscard]] bool is(std::string_view other) const {
      if (other.size() != text.size()) return false;
      return (other.data() == text.data() || base::same_bytes(other.data(), text.data(), text.size())) && id != 0;
    }
  };
  TextId remember(Last& last, std::string_view text, TextId id);
  TextId opaque_id(std::string_view text);
  TextId new_trace_id(std::string_view text);
  TextId new_service(std::string_view text);
  TextId new_operation(Last& last, std::string_view text);
  TextId new_endpoint(std::string_view text);
  TextId new_region(std::string_view text);

  std::array<char, 16> last_minute_{};  // "YYYY-MM-DDTHH:MM" of the last canonical timestamp
  std::uint64_t last_minute_ms_ = 0;
  Last last_trace_;
  Last last_service_;
  Last last_endpoint_;
  Last last_region_;
  std::array<Last, 3> last_operation_;  // by type: calls of several types alternate, each with an operation of its own
  std::string stripped_;
  std::string frame_;
  std::vector<model::GroupPair> selected_;
  std::vector<model::GroupPair> kept_;
  std::vector<TextId> scopes_;
};

// Cuts a URL's query, fragment and user information (§2.2); gives `text` itself when there is nothing to cut, else `buffer`.
[[nodiscard]] std::string_view strip_url_secrets(std::string_view text, std::string& buffer);

// Sanitising of a captured list (§2.1 step 4): what is left of it.
void sanitise_grouping(std::span<const model::GroupPair> pairs, std::vector<model::GroupPair>& kept);

}  // namespace sentinel::ingest
