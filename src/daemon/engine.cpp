#include "daemon/engine.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "daemon/explain_json.h"
#include "ingest/otlp/protobuf.h"
#include "ingest/resolve.h"

namespace sentinel::daemon {
namespace {

// Traces that leave while requests are waiting are analysed together, up to this many or for this long. So are those that leave
// when nothing waits, once there have been that many batches within that time: a batch has a price of its own.
constexpr std::size_t kTracesTogether = 512;
constexpr std::uint64_t kTogetherMs = 100;
constexpr unsigned kBatchesApart = 32;

Window::Limits window_limits(const config::DaemonConfig& config) {
  return {static_cast<std::size_t>(config.max_active_traces), static_cast<std::size_t>(config.max_events_per_trace),
          config.trace_ttl_ms};
}

}  // namespace

bool sampled(std::string_view trace_id, double rate) {
  if (rate >= 1.0) return true;
  if (!(rate > 0.0)) return false;
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325ULL;  // FNV-1a
  for (const char c : trace_id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3ULL;
  return static_cast<double>(hash) / 18446744073709551615.0 < rate;
}

Engine::Engine(const config::Config& config, AnalysisSinks sinks)
    : config_(config),
      settings_(ingest::IngestSettings::from(config)),
      metrics_(sinks.metrics),
      generation_(std::make_unique<Generation>(settings_)),
      window_(window_limits(config.daemon)),
      analysis_(config, std::move(sinks)) {}

base::Status Engine::take(Payload payload, std::string_view bytes, Moment now) {
  if (generation_->full()) renew();
  if (payload != Payload::kOtlpProtobuf) {
    const std::unique_ptr<ingest::ByteSource> source = ingest::memory_source(bytes, "request");
    ingest::IngestOptions options;
    options.settings = settings_;
    if (payload == Payload::kOtlpJson) options.format = &ingest::kOtlpJson;
    base::Result<ingest::Ingested> read = ingest::ingest(*source, options);
    if (!read) return read.error();
    if (payload == Payload::kOtlpJson) count_tally(*read->tally);
    const model::Symbols::Remap remap = generation_->symbols().absorb(std::move(read->symbols));
    for (std::vector<model::SpanRecord>& records : read->batches) {
      for (model::SpanRecord& record : records) remap.apply(record);
      add(records, now);
    }
    analyse_when_enough(now);  // not in between: when it throws, the rest would be counted and never added
    return base::success();
  }
  decoded_.records.clear();
  decoded_.nodes.clear();
  decoded_.dropped.clear();
  decoded_.marks.clear();
  decoded_.resources.clear();
  decoded_.tally = {};
  if (const base::Status read = ingest::decode_otlp_protobuf(bytes, generation_->worker(), decoded_); !read) return read;
  ingest::resolve({&decoded_, 1}, ingest::kOtlpProtobuf, generation_->symbols(), settings_, 1, decoded_.tally,
                  &generation_->resolving());
  count_tally(decoded_.tally);
  add(decoded_.records, now);
  analyse_when_enough(now);
  return base::success();
}

void Engine::count_tally(const model::IngestTally& tally) {
  metrics_.otlp_spans_received->add(tally.received);
  const auto count = [&](FilterReason reason, std::uint64_t n) { metrics_.otlp_spans_filtered[reason].add(n); };
  count(FilterReason::kNotIo, tally.not_io);
  count(FilterReason::kMissingDbStatement, tally.missing_db_statement);
  count(FilterReason::kMissingHttpUrl, tally.missing_http_url);
  count(FilterReason::kNonSqlDatastore, tally.non_sql_datastore);
  count(FilterReason::kMergedDbSpan, tally.merged_db_span);
}

telemetry::Counter* Engine::service_counter(base::TextId service) {
  if (const auto known = services_.find(service); known != services_.end()) return known->second;
  telemetry::Counter* const counter = metrics_.service_io_ops(generation_->symbols().text(service));
  if (counter == nullptr && !std::exchange(warned_services_, true)) {
    base::log_warn("daemon", "more services than metrics are kept for: their operations count as overflow");
  }
  services_.emplace(service, counter);
  return counter;
}

void Engine::add(std::span<const model::SpanRecord> records, Moment now) {
  const std::size_t closed_before = closed_.size();
  std::uint64_t sampled_out = 0;
  for (std::size_t first = 0; first < records.size();) {
    const base::TextId trace = records[first].trace;
    std::size_t last = first + 1;
    while (last < records.size() && records[last].trace == trace) ++last;
    const std::span<const model::SpanRecord> run = records.subspan(first, last - first);
    first = last;
    if (config_.daemon.sampling_rate < 1.0 && !sampled(generation_->symbols().text(trace), config_.daemon.sampling_rate)) {
      sampled_out += run.size();
      continue;
    }
    for (std::size_t begin = 0; begin < run.size();) {  // spans of a service mostly stand together
      std::size_t end = begin + 1;
      while (end < run.size() && run[end].service == run[begin].service) ++end;
      telemetry::Counter* const counter = service_counter(run[begin].service);
      (counter != nullptr ? counter : metrics_.service_io_ops_overflow)->add(end - begin);
      begin = end;
    }
    if (recent_.holds(base::hash64(generation_->symbols().text(trace)))) metrics_.late_spans->add(run.size());
    window_.add(trace, run, now.steady_ms, closed_);
    events_ += run.size();
  }
  metrics_.events_processed->add(records.size() - sampled_out);
  metrics_.events_sampled_out->add(sampled_out);
  for (std::size_t i = closed_before; i < closed_.size(); ++i) closed_spans_ += closed_[i].spans.size();
  if (closed_before == 0) closed_since_ms_ = now.steady_ms;
}

void Engine::analyse_when_enough(Moment now) {
  if (closed_.size() >= kTracesTogether || (!closed_.empty() && now.steady_ms - closed_since_ms_ >= kTogetherMs)) analyse(now);
}

void Engine::settle(Moment now) {
  if (closed_.empty()) return;
  if (now.steady_ms - settled_since_ms_ >= kTogetherMs) {
    settled_since_ms_ = now.steady_ms;
    settled_ = 0;
  }
  if (settled_ < kBatchesApart || now.steady_ms - closed_since_ms_ >= kTogetherMs) {
    ++settled_;
    analyse(now);
  }
}

std::optional<std::uint64_t> Engine::collects_until() const {
  if (closed_.empty()) return std::nullopt;
  return closed_since_ms_ + kTogetherMs;
}

void Engine::tick(Moment now) {
  analyse(now);
  window_.expire(now.steady_ms, closed_);
  metrics_.traces_evicted[EvictReason::kTtl].add(closed_.size());
  analyse(now);
}

void Engine::finish(Moment now) {
  analyse(now);
  window_.drain(closed_);
  metrics_.traces_evicted[EvictReason::kShutdown].add(closed_.size());
  analyse(now);
  publish();
}

void Engine::analyse(Moment now) {
  if (closed_.empty()) return;
  const std::uint64_t analyzed_before = analysis_.spans_analyzed();
  try {
    analysis_.run(closed_, generation_->symbols(), now.wall_ms);
    for (const ClosedTrace& trace : closed_) recent_.add(base::hash64(generation_->symbols().text(trace.trace)));
  } catch (...) {  // these traces would make it fail again
    std::uint64_t spans = 0;
    for (const ClosedTrace& trace : closed_) spans += trace.spans.size();
    metrics_.events_abandoned->add(spans - (analysis_.spans_analyzed() - analyzed_before));
    closed_.clear();
    closed_spans_ = 0;
    publish();  // the ledger holds also before the next piece of work
    throw;
  }
  closed_.clear();
  closed_spans_ = 0;
}

void Engine::publish() {
  metrics_.active_traces->set_count(window_.size());
  metrics_.events_in_flight->set_count(window_.spans() + closed_spans_);
  metrics_.events_ring_dropped->add(window_.ring_drops() - counted_ring_drops_);
  counted_ring_drops_ = window_.ring_drops();
  metrics_.traces_evicted[EvictReason::kLru].add(window_.lru_evictions() - counted_evictions_);
  counted_evictions_ = window_.lru_evictions();
}

// What is alive moves into a generation of its own; the old one is freed.
void Engine::renew() {
  auto next = std::make_unique<Generation>(settings_);
  Migration migration(generation_->symbols(), next->symbols());
  const auto move = [&](model::SpanRecord& record) { migration.move(record); };
  window_.renew(move);
  analysis_.renew(move);
  for (ClosedTrace& closed : closed_) {
    for (model::SpanRecord& record : closed.spans) migration.move(record);
    closed.trace = closed.spans.front().trace;
  }
  next->settle();
  generation_ = std::move(next);
  ++generations_;
  services_.clear();
}

std::string Engine::explain(std::string_view trace_id) const {
  const base::TextId trace = generation_->symbols().texts.find(trace_id);
  const std::vector<model::SpanRecord> spans = trace == base::kNoText ? std::vector<model::SpanRecord>() : window_.find(trace);
  return explain_live_trace(trace, spans, generation_->symbols(), config_);
}

}  // namespace sentinel::daemon
