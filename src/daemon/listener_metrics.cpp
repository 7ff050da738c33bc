#include "daemon/listener_metrics.h"

#include <iterator>

namespace sentinel::daemon {
namespace {

using net::Counters;
using net::Flood;
using telemetry::MetricKind;

#define P "perf_sentinel_"
constexpr MetricRow kListenerRows[] = {
    {P "connections_accepted_total", MetricKind::kCounter, "connections", "Connections accepted, by listener."},
    {P "connections_closed_total", MetricKind::kCounter, "connections",
     "Connections that the daemon closed for what the client did or failed to do, by listener and reason."},
    {P "connections_open", MetricKind::kGauge, "connections", "Connections open now, by listener."},
    {P "connections_refused_total", MetricKind::kCounter, "connections",
     "Connections closed at once: too many were open, no file descriptor was left, or their loop is down."},
    {P "network_bytes_total", MetricKind::kCounter, "bytes", "Bytes on the connections of a listener, by direction."},
    {P "requests_in_flight", MetricKind::kGauge, "requests", "Requests taken and not answered yet, by listener."},
    {P "requests_refused_total", MetricKind::kCounter, "requests",
     "Requests that a listener answered itself because of their form, size or pace, by reason."},
    {P "requests_total", MetricKind::kCounter, "requests", "Requests whose head was read, by listener."},
};
#undef P

enum ListenerFamily : std::uint8_t { kAccepted, kClosed, kOpen, kRefused, kBytes, kInFlight, kRequestsRefused, kRequests };

constexpr std::string_view kByListener[] = {"listener"};
constexpr std::string_view kByListenerAndReason[] = {"listener", "reason"};
constexpr std::string_view kByDirection[] = {"direction", "listener"};

std::span<const std::string_view> labels_of(ListenerFamily family) {
  switch (family) {
    case kClosed:
    case kRequestsRefused:
      return kByListenerAndReason;
    case kBytes:
      return kByDirection;
    default:
      return kByListener;
  }
}

template <Counters::Count Counters::*kMember>
std::uint64_t value(const Counters& counters) {
  return (counters.*kMember).load(std::memory_order_relaxed);
}

template <Flood kFlood>
std::uint64_t flood(const Counters& counters) {
  return counters.floods[static_cast<unsigned>(kFlood)].load(std::memory_order_relaxed);
}

// One series a listener: its family, the value of the label beside "listener" (or none), where its figure comes from.
struct Series {
  ListenerFamily family;
  std::string_view label;
  std::uint64_t (*read)(const Counters&);
};
constexpr Series kSeries[] = {
    {kAccepted, "", value<&Counters::connections_accepted>},
    {kClosed, "first_byte_timeout", value<&Counters::closed_before_first_byte>},
    {kClosed, "flood_of_control_frames", flood<Flood::kControlFrames>},
    {kClosed, "flood_of_resets", flood<Flood::kResets>},
    {kClosed, "flood_of_unread_answers", flood<Flood::kUnreadAcks>},
    {kClosed, "header_block_too_large", flood<Flood::kHeaderBlock>},
    {kClosed, "header_timeout", value<&Counters::closed_in_header>},
    {kClosed, "idle", value<&Counters::closed_idle>},
    {kClosed, "not_reading", value<&Counters::closed_not_reading>},
    {kClosed, "stop", value<&Counters::cut_at_stop>},
    {kClosed, "tls_handshake", value<&Counters::tls_handshakes_failed>},
    {kOpen, "", value<&Counters::connections_open>},
    {kRefused, "", value<&Counters::connections_refused>},
    {kBytes, "received", value<&Counters::bytes_received>},
    {kBytes, "sent", value<&Counters::bytes_sent>},
    {kInFlight, "", value<&Counters::requests_in_flight>},
    {kRequestsRefused, "body_too_large", value<&Counters::body_too_large>},
    {kRequestsRefused, "body_undecodable", value<&Counters::body_undecodable>},
    {kRequestsRefused, "deadline_passed", value<&Counters::deadlines_passed>},
    {kRequestsRefused, "dropped_unanswered", value<&Counters::dropped_unanswered>},
    {kRequestsRefused, "handler_failed", value<&Counters::handlers_failed>},
    {kRequestsRefused, "header_too_large", value<&Counters::header_too_large>},
    {kRequestsRefused, "malformed", value<&Counters::malformed>},
    {kRequestsRefused, "no_slot", value<&Counters::slot_timeouts>},
    {kRequestsRefused, "slow_body", value<&Counters::slow_bodies>},
    {kRequestsRefused, "timeout", value<&Counters::request_timeouts>},
    {kRequests, "", value<&Counters::requests>},
};

}  // namespace

std::span<const MetricRow> listener_metric_rows() { return kListenerRows; }

void ListenerMetrics::watch(std::string_view listener, const Counters& counters) {
  Watched& watched = watched_.emplace_back();
  watched.counters = &counters;
  for (const Series& series : kSeries) {
    std::vector<std::string>& labels = watched.labels.emplace_back();
    for (const std::string_view name : labels_of(series.family))
      labels.emplace_back(name == "listener" ? listener : series.label);
  }
}

void ListenerMetrics::append(telemetry::Snapshot& out) const {
  for (std::size_t family = 0; family < std::size(kListenerRows); ++family) {
    telemetry::FamilySnapshot& to = out.emplace_back();
    to.name = kListenerRows[family].name;
    to.help = kListenerRows[family].help;
    to.kind = kListenerRows[family].kind;
    to.labels = labels_of(static_cast<ListenerFamily>(family));
    for (const Watched& watched : watched_) {
      for (std::size_t i = 0; i < std::size(kSeries); ++i) {
        if (kSeries[i].family != family) continue;
        telemetry::SampleSnapshot& sample = to.samples.emplace_back();
        sample.labels = watched.labels[i];
        sample.value = kSeries[i].read(*watched.counters);
      }
    }
  }
}

}  // namespace sentinel::daemon
