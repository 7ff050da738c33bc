#include "energy/cloud.h"

#include <algorithm>
#include <cmath>

#include "energy/json_answer.h"
#include "net/url.h"

namespace sentinel::energy {
namespace {

constexpr std::string_view kCloudLog = "energy_scraper/cloud_energy";
constexpr double kSecondsPerHour = 3'600;

struct DefaultQuery {
  std::string_view provider;
  std::string_view promql;
};
// All in per cent; Google's metric is a fraction.
constexpr DefaultQuery kDefaultQueries[] = {
    {"aws", "aws_ec2_cpuutilization_average"},
    {"gcp", "stackdriver_gce_instance_compute_googleapis_com_instance_cpu_utilization * 100"},
    {"azure", "azure_compute_virtualmachines_percentage_cpu_average"},
};
constexpr std::string_view kGenericQuery = R"(100 - (avg by(instance)(rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100))";

std::string_view default_query(std::string_view provider) {
  for (const DefaultQuery& row : kDefaultQueries) {
    if (row.provider == provider) return row.promql;
  }
  return kGenericQuery;
}

std::string query_url(std::string endpoint, std::string_view promql) {
  endpoint.resize(std::min(endpoint.find_first_of("?#"), endpoint.size()));
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint + "/api/v1/query?query=" + net::percent_encode(promql, "*:,/@");
}

}  // namespace

Cloud::Cloud(const config::CloudConfig& config) : period_s_(static_cast<double>(config.scrape_interval_secs)) {
  for (const auto& [name, service] : config.services) {
    const std::string usual = config.default_provider.value_or("generic");
    const std::string provider = service.manual() ? usual : service.provider.value_or(usual);
    Power power{service.idle_watts.value_or(0.0), service.max_watts.value_or(0.0)};
    if (!service.manual()) {
      const std::string& type =
          service.instance_type.empty() ? config.default_instance_type.value_or("") : service.instance_type;
      power = power_of(type, provider);
    }
    std::string_view promql = default_query(provider);
    if (config.cpu_metric) promql = *config.cpu_metric;
    if (service.cpu_query) promql = *service.cpu_query;
    instances_.push_back({name, query_url(*config.prometheus_endpoint, promql), power});
  }
}

std::vector<std::string> Cloud::urls() const {
  std::vector<std::string> all;
  for (const Instance& instance : instances_) all.push_back(instance.url);
  return all;
}

std::size_t Cloud::observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) {
  std::vector<Coefficient> out;
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    Instance& instance = instances_[i];
    if (answers[i].problem) continue;
    const std::optional<QueryValue> read = read_query_answer(answers[i].body);
    if (!read || !std::isfinite(read->value)) {
      answers[i].problem = {ScrapeFailure::kInvalidValue,
                            "service '" + instance.service + "': its query gives no series with a finite value"};
      continue;
    }
    if (read->series > 1 && !std::exchange(instance.warned_of_series, true)) {
      base::log_warn(kCloudLog, "the CPU query of service '" + instance.service + "' gives " + std::to_string(read->series) +
                                    " series and only the first counts: select one instance in cpu_query");
    }
    const std::uint64_t count = ops.since_last(instance.service);
    if (count == 0) continue;
    const Power& power = instance.power;
    const double watts =
        power.idle_watts + (power.max_watts - power.idle_watts) * (std::clamp(read->value, 0.0, 100.0) / 100.0);
    const double per_op = watts / 1000.0 * (period_s_ / kSecondsPerHour) / static_cast<double>(count);
    if (std::isfinite(per_op)) out.push_back({instance.service, per_op});
  }
  board.put(score::EnergySource::kCloudSpecpower, out, now);
  return out.size();
}

}  // namespace sentinel::energy
