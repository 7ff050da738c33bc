#include "daemon/ack_store.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "base/hash.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/text.h"
#include "daemon/ack_log.h"

namespace sentinel::daemon {
namespace {

constexpr std::string_view kAckTarget = "ack";
constexpr std::size_t kMaxSignatureBytes = 1'024;
constexpr std::size_t kHashDigits = 32;

struct OutcomeRow {
  AckOutcome outcome;
  std::uint16_t status;
  std::string_view error;
  AckFailure reason;
};
constexpr OutcomeRow kOutcomes[] = {
    {AckOutcome::kUnauthorized, 401, "missing or invalid X-API-Key", AckFailure::kUnauthorized},
    {AckOutcome::kNoStore, 503, "ack store disabled", AckFailure::kNoStore},
    {AckOutcome::kBaseline, 409, "signature is acked by the CI TOML baseline, edit the file via PR review",
     AckFailure::kAlreadyAcked},
    {AckOutcome::kInvalidSignature, 400, "invalid signature format", AckFailure::kInvalidSignature},
    {AckOutcome::kAlreadyAcked, 409, "already acked", AckFailure::kAlreadyAcked},
    {AckOutcome::kNotAcked, 404, "not acked", AckFailure::kNotAcked},
    {AckOutcome::kLimitReached, 507, "active ack limit reached", AckFailure::kLimitReached},
    {AckOutcome::kEntryTooLarge, 507, "ack entry size cap reached", AckFailure::kEntryTooLarge},
    {AckOutcome::kFileTooLarge, 507, "ack file size cap reached", AckFailure::kFileTooLarge},
    {AckOutcome::kInternalError, 500, "ack store write failed", AckFailure::kInternalError},
};

bool is_ascii_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

AckAnswer answer(AckAction action, AckOutcome outcome) {
  for (const OutcomeRow& row : kOutcomes) {
    if (row.outcome == outcome) return {row.status, row.error, row.reason};
  }
  return {static_cast<std::uint16_t>(action == AckAction::kAck ? 201 : 204), "", std::nullopt};
}

bool is_ack_signature(std::string_view signature) {
  if (signature.size() < kHashDigits + 2 || signature.size() > kMaxSignatureBytes) return false;
  const std::size_t colon = signature.size() - kHashDigits - 1;
  return signature[colon] == ':' && base::is_lower_hex(signature.substr(colon + 1)) && base::is_valid_utf8(signature);
}

std::string clean_ack_text(std::string_view text, std::size_t max_bytes) {
  std::string visible = base::strip_invisible(text);
  std::erase_if(visible, is_ascii_control);
  // U+0080-009F: C2 80 to C2 9F.
  for (std::size_t at = visible.find('\xC2'); at != std::string::npos; at = visible.find('\xC2', at)) {
    static_cast<unsigned char>(visible[at + 1]) < 0xA0 ? void(visible.erase(at, 2)) : void(at += 2);
  }
  return std::string(base::truncate_utf8(visible, max_bytes));
}

// -- AckTable

void AckTable::set(std::shared_ptr<const Ack> ack) {
  erase(ack->signature);
  std::shared_ptr<const Bucket>& place = buckets_[base::hash64(ack->signature) % kBuckets];
  auto bucket = place ? std::make_shared<Bucket>(*place) : std::make_shared<Bucket>();
  bucket->push_back(std::move(ack));
  place = std::move(bucket);
  ++size_;
}

void AckTable::erase(std::string_view signature) {
  if (find(signature) == nullptr) return;
  std::shared_ptr<const Bucket>& place = buckets_[base::hash64(signature) % kBuckets];
  auto bucket = std::make_shared<Bucket>(*place);
  std::erase_if(*bucket, [&](const auto& ack) { return ack->signature == signature; });
  place = std::move(bucket);
  --size_;
}

const Ack* AckTable::find(std::string_view signature) const {
  const std::shared_ptr<const Bucket>& bucket = buckets_[base::hash64(signature) % kBuckets];
  if (bucket == nullptr) return nullptr;
  const auto found = std::ranges::find_if(*bucket, [&](const auto& ack) { return ack->signature == signature; });
  return found == bucket->end() ? nullptr : found->get();
}

const Ack* AckTable::find(std::string_view signature, Instant now) const {
  const Ack* ack = find(signature);
  return ack != nullptr && ack->active(now) ? ack : nullptr;
}

std::vector<const Ack*> AckTable::list(Instant now, std::size_t most) const {
  std::vector<const Ack*> out;
  for (const auto& bucket : buckets_) {
    if (bucket == nullptr) continue;
    for (const auto& ack : *bucket) {
      if (ack->active(now)) out.push_back(ack.get());
    }
  }
  std::ranges::sort(out,
                    [](const Ack* a, const Ack* b) { return std::tie(a->at, a->signature) < std::tie(b->at, b->signature); });
  if (out.size() > most) out.resize(most);
  return out;
}

// -- AckStore: opening

AckStore::AckStore(std::unique_ptr<AckLog> log, const AckLimits& limits)
    : limits_(limits), log_(std::move(log)), table_(std::make_shared<const AckTable>()) {}
AckStore::~AckStore() = default;

base::Result<std::unique_ptr<AckStore>> AckStore::open(const std::string& path, Instant now, const AckLimits& limits) {
  auto log = AckLog::take(path);
  if (!log) return log.error();
  std::unique_ptr<AckStore> store(new AckStore(std::move(*log), limits));
  if (const auto loaded = store->load(now); !loaded) return loaded.error();
  return store;
}

namespace {

// Lines one after the other, as the file holds them.
class Replay {
 public:
  Replay(const AckLimits& limits, Instant now, AckStore::Opened& tally) : limits_(limits), now_(now), tally_(tally) {}

  base::Status line(std::string_view text) {
    if (text.size() > kMaxAckLineBytes)
      return base::Error{"the line is longer than " + std::to_string(kMaxAckLineBytes) + " bytes", "", ""};
    auto parsed = parse_ack_line(text);
    if (!parsed) return parsed.error();
    apply(std::move(*parsed));
    return base::success();
  }
  AckTable finish() && {
    AckTable table;
    for (auto& [signature, ack] : acks_) table.set(std::make_shared<const Ack>(std::move(ack)));
    return table;
  }

 private:
  void apply(AckLine line) {
    if (!is_ack_signature(line.ack.signature)) {
      ++tally_.bad_signatures;
      return;
    }
    if (line.action == AckAction::kUnack) {
      acks_.erase(line.ack.signature);
    } else if (line.ack.active(now_)) {
      if (acks_.size() >= limits_.entries && !acks_.contains(line.ack.signature)) {
        ++tally_.over_limit;
      } else {
        std::string signature = line.ack.signature;
        acks_.insert_or_assign(std::move(signature), std::move(line.ack));
      }
    }
  }

  const AckLimits& limits_;
  const Instant now_;
  AckStore::Opened& tally_;
  std::unordered_map<std::string, Ack> acks_;
};

void warn_of(const AckStore::Opened& tally, const std::string& path) {
  const auto warn = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) base::log_warn(kAckTarget, path + ": " + std::to_string(count) + std::string(what));
  };
  warn(tally.lines_skipped, " cut last line skipped: that acknowledgment was never confirmed");
  warn(tally.bad_signatures, " lines dropped whose signature is none");
  warn(tally.over_limit, " acknowledgments dropped beyond the limit of entries");
}

}  // namespace

base::Status AckStore::load(Instant now) {
  const auto bytes = log_->read(limits_.file_bytes);
  if (!bytes) return bytes.error();
  Replay replay(limits_, now, opened_);
  std::string_view rest = *bytes;
  for (std::uint64_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = without_line_end(rest.substr(0, end));
    const bool last_and_open = end == std::string_view::npos;
    rest = last_and_open ? std::string_view() : rest.substr(end + 1);
    if (line.empty()) continue;
    const auto read = replay.line(line);
    if (read) continue;
    if (!last_and_open) {
      return base::Error{read.error().what, log_->path() + " line " + std::to_string(number), "repair or remove the line"};
    }
    ++opened_.lines_skipped;
  }
  warn_of(opened_, log_->path());
  publish(std::move(replay).finish());
  // A start need not wait for the disk when there is nothing to change.
  if (*bytes == lines(now) && log_->keep(bytes->size())) {
    set_compaction();
    return base::success();
  }
  return rewrite(now);
}

// -- AckStore: changes

std::string AckStore::lines(Instant now) const {
  std::string out;
  const auto kept = table();
  for (const Ack* ack : kept->list(now, SIZE_MAX)) {
    append_ack_json(out, *ack);
    out += '\n';
  }
  return out;
}

// Twice what is left, so that a file full of what counts is not rewritten at every change.
void AckStore::set_compaction() { compact_at_ = std::max(limits_.compact_bytes, 2 * log_->bytes()); }

// Callers hold write_mutex_, or are the only ones yet.
base::Status AckStore::rewrite(Instant now) {
  auto rewritten = log_->rewrite(lines(now));
  set_compaction();
  return rewritten;
}

AckOutcome AckStore::append(std::string_view line, std::uint64_t max_file_bytes, Instant now) {
  if (line.size() > kMaxAckLineBytes) return AckOutcome::kEntryTooLarge;
  if (log_->bytes() + line.size() > std::min(compact_at_, max_file_bytes)) {
    if (const auto rewritten = rewrite(now); !rewritten)
      base::log(base::LogLevel::kError, kAckTarget, rewritten.error().text());
  }
  if (log_->bytes() + line.size() > max_file_bytes) return AckOutcome::kFileTooLarge;
  const auto appended = log_->append(line);
  if (appended) return AckOutcome::kDone;
  base::log(base::LogLevel::kError, kAckTarget, appended.error().text());
  return AckOutcome::kInternalError;
}

void AckStore::forget_expired(Instant now) {
  AckTable left;
  const auto before = table();
  for (const Ack* ack : before->list(now, SIZE_MAX)) left.set(std::make_shared<const Ack>(*ack));
  publish(std::move(left));
}

AckOutcome AckStore::add(Ack ack, Instant now) {
  if (!is_ack_signature(ack.signature)) return AckOutcome::kInvalidSignature;
  ack.by = clean_ack_text(ack.by, kMaxAckByBytes);
  if (ack.reason) ack.reason = clean_ack_text(*ack.reason, kMaxAckReasonBytes);
  std::string line;
  append_ack_json(line, ack);
  line += '\n';

  const std::lock_guard lock(write_mutex_);
  if (table()->find(ack.signature, now) != nullptr) return AckOutcome::kAlreadyAcked;
  if (table()->size() >= limits_.entries) forget_expired(now);
  if (table()->size() >= limits_.entries) return AckOutcome::kLimitReached;
  const AckOutcome outcome = append(line, limits_.file_bytes, now);
  if (outcome != AckOutcome::kDone) return outcome;
  AckTable next = *table();
  next.set(std::make_shared<const Ack>(std::move(ack)));
  publish(std::move(next));
  return AckOutcome::kDone;
}

AckOutcome AckStore::revoke(std::string_view signature, std::string_view by, Instant now) {
  if (!is_ack_signature(signature)) return AckOutcome::kInvalidSignature;
  std::string line;
  append_unack_json(line, signature, clean_ack_text(by, kMaxAckByBytes), now);
  line += '\n';

  const std::lock_guard lock(write_mutex_);
  if (table()->find(signature) == nullptr) return AckOutcome::kNotAcked;
  const AckOutcome outcome = append(line, limits_.file_bytes, now);
  if (outcome != AckOutcome::kDone) return AckOutcome::kInternalError;
  AckTable next = *table();
  next.erase(signature);
  publish(std::move(next));
  return AckOutcome::kDone;
}

void AckStore::publish(AckTable table) {
  auto next = std::make_shared<const AckTable>(std::move(table));
  const std::lock_guard lock(table_mutex_);
  table_.swap(next);  // the old one goes after the lock
}

std::shared_ptr<const AckTable> AckStore::table() const {
  const std::lock_guard lock(table_mutex_);
  return table_;
}

std::uint64_t AckStore::file_bytes() const {
  const std::lock_guard lock(write_mutex_);
  return log_->bytes();
}

std::optional<std::string> default_ack_path(const char* xdg_data_home, const char* home) {
  constexpr std::string_view kFile = "/perf-sentinel/acks.jsonl";
  if (xdg_data_home != nullptr && xdg_data_home[0] == '/') return std::string(xdg_data_home).append(kFile);
  if (home == nullptr || home[0] == '\0') return std::nullopt;
  return std::string(home).append("/.local/share").append(kFile);
}

}  // namespace sentinel::daemon
