#include "daemon/acknowledgments.h"

#include <algorithm>
#include <utility>

#include "daemon/ack_log.h"

namespace sentinel::daemon {
namespace {

constexpr std::string_view kAnonymous = "anonymous";

std::uint64_t to_ms(Instant now) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(now.seconds, 0)) * 1000 + now.nanoseconds / 1'000'000;
}

// What a header value may hold to count as text.
bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= ' ' && c <= '~') || c == '\t'; });
}

// The time this takes depends on the length of what was given alone.
bool same_key(std::string_view key, std::string_view given) {
  std::size_t difference = key.size() ^ given.size();
  for (std::size_t i = 0; i < given.size() && !key.empty(); ++i) {
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(key[i % key.size()]);
  }
  return difference == 0;
}

std::string name_of(const Acknowledgments::Caller& caller, const std::optional<std::string>& by) {
  if (caller.user && is_visible_ascii(*caller.user)) return std::string(*caller.user);
  return by.value_or(std::string(kAnonymous));
}

}  // namespace

AckBaseline::AckBaseline(const analysis::AckFile& file, std::uint64_t now_ms) {
  for (const analysis::AckEntry& entry : file) {
    if (entry.active(now_ms)) entries_.insert_or_assign(entry.acknowledgment.signature, entry);
  }
}

const model::Acknowledgment* AckBaseline::find(std::string_view signature, std::uint64_t now_ms) const {
  if (entries_.empty()) return nullptr;
  const auto found = entries_.find(std::string(signature));
  return found != entries_.end() && found->second.active(now_ms) ? &found->second.acknowledgment : nullptr;
}

Acknowledgments::Acknowledgments(AckBaseline baseline, std::unique_ptr<AckStore> store, std::optional<std::string> api_key,
                                 DaemonMetrics& metrics)
    : baseline_(std::move(baseline)), store_(std::move(store)), api_key_(std::move(api_key)), metrics_(metrics) {
  if (store_ != nullptr) metrics_.ack_lines_skipped->add(store_->opened().lines_skipped);
}

Acknowledgments::Cover Acknowledgments::find(std::string_view signature, Instant now) const {
  Cover cover;
  cover.baseline = baseline_.find(signature, to_ms(now));
  if (cover.baseline == nullptr && store_ != nullptr) {
    cover.table = store_->table();
    cover.ack = cover.table->find(signature, now);
  }
  return cover;
}

bool Acknowledgments::authorized(const Caller& caller) const {
  return !api_key_ || (caller.api_key && same_key(*api_key_, *caller.api_key));
}

AckOutcome Acknowledgments::try_add(std::string_view signature, const AckRequest& request, const Caller& caller, Instant now) {
  if (!authorized(caller)) return AckOutcome::kUnauthorized;
  if (store_ == nullptr) return AckOutcome::kNoStore;
  if (baseline_.find(signature, to_ms(now)) != nullptr) return AckOutcome::kBaseline;
  return store_->add({.signature = std::string(signature),
                      .by = name_of(caller, request.by),
                      .reason = request.reason,
                      .at = now,
                      .expires_at = request.expires_at},
                     now);
}

AckOutcome Acknowledgments::add(std::string_view signature, const AckRequest& request, const Caller& caller, Instant now) {
  return counted(AckAction::kAck, try_add(signature, request, caller, now));
}

AckOutcome Acknowledgments::revoke(std::string_view signature, const Caller& caller, Instant now) {
  AckOutcome outcome = AckOutcome::kNoStore;
  if (!authorized(caller)) {
    outcome = AckOutcome::kUnauthorized;
  } else if (store_ != nullptr) {
    outcome = store_->revoke(signature, name_of(caller, std::nullopt), now);
  }
  return counted(AckAction::kUnack, outcome);
}

AckOutcome Acknowledgments::counted(AckAction action, AckOutcome outcome) {
  const std::optional<AckFailure> reason = answer(action, outcome).reason;
  if (reason) {
    metrics_.ack_operations_failed[static_cast<std::size_t>(action)][*reason].add();
  } else {
    metrics_.ack_operations[action].add();
  }
  return outcome;
}

std::string Acknowledgments::list_json(Instant now) const {
  if (store_ == nullptr) return "[]";
  std::string out = "[";
  const auto table = store_->table();
  for (const Ack* ack : table->list(now)) {
    if (out.size() > 1) out += ',';
    append_ack_json(out, *ack);
  }
  return out + "]";
}

}  // namespace sentinel::daemon
