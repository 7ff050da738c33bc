// What has been accepted, from both sources: the reviewed TOML file and the store that people write to over HTTP (chapter 05
// §9.1, and rows 5 to 14 of §9.3).
//
// An active entry of the file wins over one of the store. Any thread; reading never waits for the disk. Counting is done here:
// every write moves ack_operations_total or one of ack_operations_failed_total.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "analysis/acknowledgments.h"
#include "daemon/ack_request.h"
#include "daemon/ack_store.h"

namespace sentinel::daemon {

// Entries of the file by signature; those expired at `now_ms` are left out, a later one replaces an earlier one.
class AckBaseline {
 public:
  AckBaseline() = default;
  AckBaseline(const analysis::AckFile& file, std::uint64_t now_ms);
  // nullptr when there is none that counts.
  [[nodiscard]] const model::Acknowledgment* find(std::string_view signature, std::uint64_t now_ms) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  std::unordered_map<std::string, analysis::AckEntry> entries_;
};

class Acknowledgments {
 public:
  // What covers a signature: at most one of the two is set. Views stay valid as long as this value and the object asked.
  struct Cover {
    const model::Acknowledgment* baseline = nullptr;
    const Ack* ack = nullptr;
    std::shared_ptr<const AckTable> table;  // owns `ack`
  };
  // Who asks, as the headers say.
  struct Caller {
    std::optional<std::string_view> user;     // X-User-Id
    std::optional<std::string_view> api_key;  // first X-API-Key
  };

  // `store` may be null (writes answer 503); `metrics` outlives this.
  Acknowledgments(AckBaseline baseline, std::unique_ptr<AckStore> store, std::optional<std::string> api_key,
                  DaemonMetrics& metrics);

  [[nodiscard]] Cover find(std::string_view signature, Instant now) const;

  [[nodiscard]] AckOutcome add(std::string_view signature, const AckRequest& request, const Caller& caller, Instant now);
  [[nodiscard]] AckOutcome revoke(std::string_view signature, const Caller& caller, Instant now);

  // Whether the caller may list and write; constant time in the key's bytes.
  [[nodiscard]] bool authorized(const Caller& caller) const;
  // The array that /api/acks answers.
  [[nodiscard]] std::string list_json(Instant now) const;

  [[nodiscard]] bool has_store() const { return store_ != nullptr; }
  [[nodiscard]] std::size_t baseline_size() const { return baseline_.size(); }

 private:
  AckOutcome counted(AckAction action, AckOutcome outcome);
  AckOutcome try_add(std::string_view signature, const AckRequest& request, const Caller& caller, Instant now);

  const AckBaseline baseline_;
  const std::unique_ptr<AckStore> store_;
  const std::optional<std::string> api_key_;
  DaemonMetrics& metrics_;
};

}  // namespace sentinel::daemon
