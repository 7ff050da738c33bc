// The heart of the daemon: bytes of a request become spans of the window, traces that leave it become findings.
//
// Everything that belongs to spans happens here, on one thread, one piece of work after another: so nothing needs a lock, and
// whatever is read between two pieces fits together. The clock comes in with each call. Nothing is refused once it has been
// taken: `received = filtered + sampled out + dropped by a trace's ring + analysed + in flight` holds between two calls. Traces
// whose analysis throws are let go of and their spans counted as abandoned, before the exception leaves; all spans of a request
// have joined the window by then.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "daemon/batch_analysis.h"
#include "daemon/generation.h"
#include "daemon/recent_traces.h"
#include "daemon/window.h"

namespace sentinel::daemon {

// What a door brings.
enum class Payload : std::uint8_t {
  kOtlpProtobuf,  // an encoded ExportTraceServiceRequest
  kOtlpJson,      // the same as JSON
  kAnyJson,       // one document in any JSON format, recognised by its structure
};

// One instant on two clocks, in milliseconds.
struct Moment {
  std::uint64_t steady_ms = 0;  // never goes back
  std::uint64_t wall_ms = 0;    // since 1970
};

// Whether a trace is kept at this rate: a pure function of its id (chapter 05 §4.2).
[[nodiscard]] bool sampled(std::string_view trace_id, double rate);

class Engine {
 public:
  Engine(const config::Config& config, AnalysisSinks sinks);

  // Decodes a request and adds its spans. An error says what is malformed; then nothing of it was taken.
  [[nodiscard]] base::Status take(Payload payload, std::string_view bytes, Moment now);

  // Called when there is nothing else to do: analyses what left the window while more was coming in. Where that happens so
  // often that most batches would be single traces, they are collected a little longer first.
  void settle(Moment now);
  // While it collects: the steady_ms by which settle() is to be called again.
  [[nodiscard]] std::optional<std::uint64_t> collects_until() const;

  // Lets go of the traces that nothing came for.
  void tick(Moment now);

  // Lets go of every trace.
  void finish(Moment now);

  // Sets the gauges that follow the state of the window.
  void publish();

  [[nodiscard]] const BatchAnalysis& analysis() const { return analysis_; }
  [[nodiscard]] const model::Symbols& symbols() const { return generation_->symbols(); }
  [[nodiscard]] std::uint64_t events_processed() const { return events_; }
  [[nodiscard]] std::size_t active_traces() const { return window_.size(); }

  // Memory of the texts that live spans speak of, and how often they have been moved into fresh memory.
  [[nodiscard]] std::size_t text_bytes() const { return generation_->bytes(); }
  [[nodiscard]] std::uint64_t generations() const { return generations_; }

  // The span tree of a live trace with its findings, as JSON; an object with "error" when it is not here (§8.8).
  [[nodiscard]] std::string explain(std::string_view trace_id) const;

 private:
  void add(std::span<const model::SpanRecord> records, Moment now);
  void analyse_when_enough(Moment now);
  void count_tally(const model::IngestTally& tally);
  telemetry::Counter* service_counter(base::TextId service);
  void analyse(Moment now);
  void renew();

  const config::Config& config_;
  const ingest::IngestSettings settings_;
  DaemonMetrics& metrics_;
  std::unique_ptr<Generation> generation_;
  ingest::Decoded decoded_;
  Window window_;
  BatchAnalysis analysis_;
  std::vector<ClosedTrace> closed_;  // waiting to be analysed
  RecentTraces recent_;
  std::uint64_t closed_spans_ = 0;
  std::uint64_t closed_since_ms_ = 0;
  std::uint64_t settled_since_ms_ = 0;  // beginning of the time in which settled_ batches were analysed
  unsigned settled_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t generations_ = 1;
  std::uint64_t counted_ring_drops_ = 0;
  std::uint64_t counted_evictions_ = 0;
  bool warned_services_ = false;
  boost::unordered_flat_map<base::TextId, telemetry::Counter*> services_;  // of this generation
};

}  // namespace sentinel::daemon
