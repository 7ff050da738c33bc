// Acknowledgments made while the daemon runs, in a file of JSON lines (chapter 05 §9.2-9.6).
//
// A change is on disk before it is answered: one line, one write, one data sync; only then do readers see it. What a crash cuts
// off is the last line, which the next open() skips and counts. The file has one owner, held by flock(2); a second open() of
// it, in this process or another, is refused. Any thread may call anything: changes wait for one another, reading takes a
// shared snapshot and never waits for the disk. An entry that has expired does not stand in the way of a new one, nor counts
// against the cap. Past AckLimits::compact_bytes the file is rewritten with what still counts. Time comes in from the caller.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "daemon/daemon_metrics.h"
#include "disclosure/instant.h"

namespace sentinel::daemon {

using disclosure::Instant;

// The documented bounds; tests set smaller ones.
struct AckLimits {
  std::size_t entries = 10'000;
  std::uint64_t file_bytes = 64ULL << 20;
  std::uint64_t compact_bytes = 8ULL << 20;
};
inline constexpr std::size_t kMaxAckLineBytes = 4'096;  // with its newline
inline constexpr std::size_t kMaxAckByBytes = 256;
inline constexpr std::size_t kMaxAckReasonBytes = 1'024;
inline constexpr std::size_t kMaxListedAcks = 1'000;

// What became of a write, with its answer (05 §9.3, §9.4). The table in ack_store.cpp is the only place that knows both.
enum class AckOutcome : std::uint8_t {
  kDone,
  kUnauthorized,
  kNoStore,
  kBaseline,  // an entry of the TOML file covers it
  kInvalidSignature,
  kAlreadyAcked,
  kNotAcked,
  kLimitReached,
  kEntryTooLarge,
  kFileTooLarge,
  kInternalError,
};
struct AckAnswer {
  std::uint16_t status;              // 201 and 204 for kDone
  std::string_view error;            // text of {"error":…}; empty for kDone
  std::optional<AckFailure> reason;  // of ack_operations_failed_total; nullopt for kDone
};
[[nodiscard]] AckAnswer answer(AckAction action, AckOutcome outcome);

// 05 §9.2.
[[nodiscard]] bool is_ack_signature(std::string_view signature);

// `by` and `reason` as they are kept: without control, bidi and invisible characters, cut to `max_bytes` on a character
// boundary. `text` is valid UTF-8.
[[nodiscard]] std::string clean_ack_text(std::string_view text, std::size_t max_bytes);

struct Ack {
  std::string signature;
  std::string by;
  std::optional<std::string> reason;
  Instant at;
  std::optional<Instant> expires_at;

  [[nodiscard]] bool active(Instant now) const { return !expires_at || *expires_at > now; }
};

// The acknowledgments at one moment. A copy shares all but what is changed afterwards.
class AckTable {
 public:
  void set(std::shared_ptr<const Ack> ack);
  void erase(std::string_view signature);
  // The entry, expired or not.
  [[nodiscard]] const Ack* find(std::string_view signature) const;
  // nullptr when there is none, or none that still counts.
  [[nodiscard]] const Ack* find(std::string_view signature, Instant now) const;
  // Those that count, by time and then signature, at most `most`.
  [[nodiscard]] std::vector<const Ack*> list(Instant now, std::size_t most = kMaxListedAcks) const;
  // Expired ones included.
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  using Bucket = std::vector<std::shared_ptr<const Ack>>;
  static constexpr std::size_t kBuckets = 256;  // so that a change copies 1/256 of the entries
  std::array<std::shared_ptr<const Bucket>, kBuckets> buckets_;
  std::size_t size_ = 0;
};

class AckLog;  // daemon/ack_log.h

class AckStore {
 public:
  struct Opened {
    std::uint64_t lines_skipped = 0;  // a last line that was cut
    std::uint64_t bad_signatures = 0;
    std::uint64_t over_limit = 0;
  };

  // Makes missing folders, takes the file over, reads and rewrites it. The Error names the path, and the line where it is one.
  // What was skipped is in opened() and one log line each.
  [[nodiscard]] static base::Result<std::unique_ptr<AckStore>> open(const std::string& path, Instant now,
                                                                    const AckLimits& limits = {});
  ~AckStore();
  AckStore(const AckStore&) = delete;
  AckStore& operator=(const AckStore&) = delete;

  // `by` and `reason` are cleaned here. kDone, kInvalidSignature, kAlreadyAcked, kLimitReached, kEntryTooLarge, kFileTooLarge
  // or kInternalError.
  [[nodiscard]] AckOutcome add(Ack ack, Instant now);
  // kDone, kInvalidSignature, kNotAcked or kInternalError.
  [[nodiscard]] AckOutcome revoke(std::string_view signature, std::string_view by, Instant now);

  [[nodiscard]] std::shared_ptr<const AckTable> table() const;
  [[nodiscard]] const Opened& opened() const { return opened_; }
  [[nodiscard]] std::uint64_t file_bytes() const;

 private:
  AckStore(std::unique_ptr<AckLog> log, const AckLimits& limits);
  base::Status load(Instant now);
  AckOutcome append(std::string_view line, std::uint64_t max_file_bytes, Instant now);
  void publish(AckTable table);
  void forget_expired(Instant now);
  base::Status rewrite(Instant now);
  [[nodiscard]] std::string lines(Instant now) const;  // of what counts
  void set_compaction();

  const AckLimits limits_;
  Opened opened_;

  mutable std::mutex write_mutex_;  // one change at a time
  std::unique_ptr<AckLog> log_;
  std::uint64_t compact_at_ = 0;  // bytes

  mutable std::mutex table_mutex_;  // held while a pointer is copied, never for longer
  std::shared_ptr<const AckTable> table_;
};

// <platform data directory>/perf-sentinel/acks.jsonl (05 §9.6); nullopt when the environment names none.
[[nodiscard]] std::optional<std::string> default_ack_path(const char* xdg_data_home, const char* home);

}  // namespace sentinel::daemon
