#include "daemon/daemon.h"

#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/log.h"
#include "base/program_pages.h"
#include "daemon/certificate_watch.h"
#include "daemon/grpc_front.h"
#include "daemon/http_front.h"
#include "daemon/intent_gate.h"
#include "daemon/json_socket.h"
#include "daemon/operator_front.h"
#include "daemon/stop_deadline.h"
#include "daemon/supervised_loops.h"
#include "disclosure/instant.h"
#include "energy/sources.h"
#include "net/server.h"

namespace sentinel::daemon {
namespace {

using base::log_info;
using base::log_warn;
using std::chrono::milliseconds;

constexpr milliseconds kStopGrace{2'000};  // for requests in flight
constexpr milliseconds kOperatorGrace{500};
constexpr milliseconds kLateCheck{250};  // how often deliveries that wait too long are looked for
constexpr milliseconds kCertificateCheck{2'000};

// Signals that ask the daemon to stop, kept from every thread but the one that waits for them; with certificates SIGHUP too,
// which otherwise has its default action.
class StopSignals {
 public:
  explicit StopSignals(bool with_hup) {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGINT);
    ::sigaddset(&set_, SIGTERM);
    if (with_hup) ::sigaddset(&set_, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~StopSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Waits for the first; the next one ends the process. Until then `on_hup` is called for each SIGHUP.
  template <class OnHup>
  void wait(OnHup on_hup) {
    int signal = 0;
    while (::sigwait(&set_, &signal) == 0 && signal == SIGHUP) on_hup();
    struct sigaction at_once {};
    at_once.sa_handler = [](int again) { ::_exit(128 + again); };
    ::sigaction(SIGINT, &at_once, nullptr);
    ::sigaction(SIGTERM, &at_once, nullptr);
    ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
  }

 private:
  sigset_t set_{};
  sigset_t before_{};
};

std::string address_of(const config::DaemonConfig& config, std::uint16_t port) {
  return config.listen_address + ":" + std::to_string(port);
}

DaemonMetricsOptions metrics_options(const config::Config& config) {
  DaemonMetricsOptions options;
  options.api_enabled = config.daemon.api_enabled;
  for (const std::string& name : config.green.configured_backends) {
    for (std::size_t i = 0; i < kEnergyBackends; ++i) {
      const std::string_view known = slug(static_cast<EnergyBackend>(i));
      if (known == name || (known == "cloud_energy" && name == "cloud")) options.configured[i] = true;
    }
  }
  return options;
}

void set_capacities(DaemonMetrics& metrics, const config::DaemonConfig& config) {
  metrics.max_active_traces->set_count(config.max_active_traces);
  metrics.analysis_queue_capacity->set_count(config.analysis_queue_capacity);
  metrics.ingest_queue_capacity->set_count(config.ingest_queue_capacity);
  metrics.max_retained_findings->set_count(config.max_retained_findings);
}

// As many as keep the engine busy; one is enough for most.
unsigned loop_count() { return std::clamp(std::thread::hardware_concurrency() / 2, 1U, 8U); }

class Daemon {
 public:
  explicit Daemon(const DaemonOptions& options) : options_(options), config_(options.config.daemon) {}

  Causes run();

 private:
  Causes open_listeners();
  Causes load_tls();
  Causes open_archive();
  void open_energy();
  Causes open_acknowledgments();
  base::Result<AckBaseline> load_baseline() const;
  base::Result<std::unique_ptr<AckStore>> open_store() const;
  Causes serve_grpc();
  Causes serve_operators();
  Causes serve_http();
  void look_at_certificates();
  void end_restarts();
  void stop();
  void give_up();

  const DaemonOptions& options_;
  const config::DaemonConfig& config_;
  StopSignals signals_{config_.tls_cert_path.has_value() || options_.config.telemetry.tls.cert_file.has_value()};
  telemetry::Registry registry_;
  telemetry::Meter meter_{registry_, {"watch", SENTINEL_VERSION, options_.revision, options_.compiler, options_.build_type}};
  PhaseFlag phase_{Phase::kStarting};
  telemetry::Health health_;
  const telemetry::Supervision told_{&meter_, &health_};
  SupervisedLoops ingest_loops_{"event_loop/ingest", loop_count(), told_};
  std::optional<SupervisedLoops> operator_loops_;
  telemetry::Component grpc_receiver_{"otlp_receiver/grpc", &meter_};
  telemetry::Component http_receiver_{"otlp_receiver/http", &meter_};
  telemetry::Component line_receiver_{"json_socket/main", &meter_};
  DaemonMetrics metrics_{registry_, metrics_options(options_.config)};
  ListenerMetrics listeners_;
  std::optional<MemoryGuard> guard_;
  std::optional<Correlator> correlator_;
  std::unique_ptr<ArchiveWriter> archive_;
  std::unique_ptr<energy::Sources> energy_;  // null: none is configured
  LineOutput output_{options_.output, &meter_};
  std::optional<Engine> engine_;
  std::optional<EngineThread> thread_;
  std::optional<Acknowledgments> acknowledgments_;
  std::optional<Api> api_;
  WorkThread writes_{"store/acks", told_};
  HttpFront http_front_;
  GrpcFront grpc_front_;
  net::LoopThreads loops_{loop_count()};
  std::optional<net::Server> http_;
  std::optional<net::Server> grpc_;
  std::shared_ptr<const net::TlsContext> tls_;
  std::vector<CertificateWatch> certificates_;  // looked at by the first loop
  std::optional<JsonSocket> socket_;
  std::optional<OperatorFront> operator_front_;
  std::optional<net::LoopThreads> operator_loop_;
  std::optional<net::Server> operator_;
};

Causes causes_of(const base::Error& error) {
  Causes causes;
  causes.push_back(error.where.empty() ? error.what : error.where + ": " + error.what);
  if (!error.hint.empty()) causes.push_back(error.hint);
  return causes;
}

Causes Daemon::run() {
  log_info("daemon", "Starting daemon: gRPC=" + address_of(config_, config_.listen_port_grpc) +
                         ", HTTP=" + address_of(config_, config_.listen_port_http));
  if (Causes refused = intent_refusal(options_.config.reporting); !refused.empty()) return refused;
  set_capacities(metrics_, config_);
  if (config_.memory_high_water_pct > 0)
    guard_.emplace(config_.memory_high_water_pct).start(told_, metrics_.ingest_memory_pressure);
  if (config_.correlation.enabled) {
    correlator_.emplace(config_.correlation);
    log_info("daemon", "cross-trace correlation enabled");
  }
  if (Causes failed = open_listeners(); !failed.empty()) return failed;
  if (Causes failed = load_tls(); !failed.empty()) return failed;
  if (Causes failed = open_archive(); !failed.empty()) return failed;

  open_energy();
  engine_.emplace(options_.config, AnalysisSinks{metrics_, correlator_ ? &*correlator_ : nullptr, archive_.get(),
                                                 [this](std::string_view lines) { output_.write(lines); }, energy_.get()});
  thread_.emplace(*engine_, config_, metrics_, told_, &output_);
  Causes failed = serve_grpc();
  if (failed.empty()) failed = open_acknowledgments();
  if (failed.empty()) failed = serve_operators();
  if (failed.empty()) failed = serve_http();
  if (!failed.empty()) {
    end_restarts();
    grpc_->stop(milliseconds(0));
    if (operator_) operator_->stop(milliseconds(0));
    thread_->stop();
    loops_.stop();
    return failed;
  }
  if (!certificates_.empty()) loops_[0].every(kCertificateCheck, [this] { look_at_certificates(); });
  if (energy_) energy_->start();
  phase_ = Phase::kReady;
  base::unmap_program_pages();  // of parsing the command line and the configuration, of making all this
  signals_.wait([this] {
    log_info("daemon", "SIGHUP: looking at the certificates");
    loops_[0].post([this] { look_at_certificates(); });
  });
  phase_ = Phase::kStopping;
  stop();
  return {};
}

Causes Daemon::open_listeners() {
  net::ServerOptions options;
  options.address = config_.listen_address;
  options.name = "HTTP";
  options.port = config_.listen_port_http;
  http_.emplace(loops_, options, http_front_);
  options.name = "gRPC";
  options.port = config_.listen_port_grpc;
  grpc_.emplace(loops_, options, grpc_front_);
  for (net::Server* server : {&*http_, &*grpc_}) {
    if (const base::Status bound = server->bind(); !bound) return causes_of(bound.error());
  }
  listeners_.watch("http", http_->counters());
  listeners_.watch("grpc", grpc_->counters());
  return {};
}

Causes Daemon::load_tls() {
  if (!config_.tls_cert_path || !config_.tls_key_path) return {};
  const net::TlsFiles files{*config_.tls_cert_path, *config_.tls_key_path, config_.tls_client_ca_path.value_or(""), false};
  const auto use = [this](const std::shared_ptr<const net::TlsContext>& context) {
    http_->use_tls(context);
    grpc_->use_tls(context);
  };
  CertificateWatch watch(files, use);  // before loading: a change meanwhile is seen
  auto loaded = net::TlsContext::load(files);
  if (!loaded) return causes_of(loaded.error());
  tls_ = *loaded;
  use(tls_);
  certificates_.push_back(std::move(watch));
  return {};
}

Causes Daemon::open_archive() {
  if (!config_.archive.path) return {};
  auto opened = ArchiveWriter::open(config_.archive, metrics_, told_);
  if (!opened) return causes_of(opened.error());
  archive_ = std::move(*opened);
  return {};
}

void Daemon::open_energy() {
  energy::Sources::Options options;
  options.operations = [this] { return metrics_.service_io_ops(); };
  options.series = [this](energy::Backend backend) { return metrics_.scrape_series(backend); };
  options.told = told_;
  options.proxies = net::ProxyRules::from([](const char* name) -> const char* { return std::getenv(name); });
  energy_ = energy::Sources::make(options_.config.green, std::move(options));
}

base::Result<AckBaseline> Daemon::load_baseline() const {
  const std::uint64_t now_ms = static_cast<std::uint64_t>(disclosure::wall_now().seconds) * 1000;
  base::Result<analysis::AckFile> file = analysis::load_acknowledgments(config_.ack.toml_path);
  if (!file) return file.error();
  AckBaseline baseline(*file, now_ms);
  log_info("daemon", file->empty() ? "no acknowledgments in " + config_.ack.toml_path
                                   : std::to_string(baseline.size()) + " acknowledgments from " + config_.ack.toml_path);
  return baseline;
}

base::Result<std::unique_ptr<AckStore>> Daemon::open_store() const {
  std::optional<std::string> path = config_.ack.storage_path;
  if (!path) path = default_ack_path(std::getenv("XDG_DATA_HOME"), std::getenv("HOME"));
  if (!path) return base::Error{"there is no data directory for acknowledgments", "", "set [daemon.ack] storage_path"};
  auto store = AckStore::open(*path, disclosure::wall_now());
  if (store) log_info("daemon", "acknowledgment store ready: " + *path);
  return store;
}

Causes Daemon::open_acknowledgments() {
  AckBaseline baseline;
  std::unique_ptr<AckStore> store;
  if (config_.ack.enabled) {
    if (auto loaded = load_baseline(); loaded) {
      baseline = std::move(*loaded);
    } else if (config_.ack.toml_path != analysis::kDefaultAckPath) {
      return causes_of(loaded.error());
    } else {
      log_warn("daemon", loaded.error().text() + "; going on without it");
    }
    if (auto opened = open_store(); opened) {
      store = std::move(*opened);
    } else if (config_.ack.storage_path) {
      return causes_of(opened.error());
    } else {
      log_warn("daemon", opened.error().text() + "; acknowledgments cannot be written");
    }
  }
  acknowledgments_.emplace(std::move(baseline), std::move(store), config_.ack.api_key, metrics_);
  return {};
}

// gRPC first: its spans can wait for the rest.
Causes Daemon::serve_grpc() {
  grpc_front_.use({options_.config, *thread_, metrics_, guard_ ? &*guard_ : nullptr, grpc_receiver_});
  if (const base::Status started = loops_.start(ingest_loops_.runner()); !started) return causes_of(started.error());
  thread_->start();
  loops_[0].every(kLateCheck, [this] { thread_->refuse_late(); });
  if (const base::Status serving = grpc_->serve(); !serving) return causes_of(serving.error());
  log_info("daemon", std::string(tls_ ? "OTLP gRPC+TLS" : "OTLP gRPC") + " listening on " + address_of(config_, grpc_->port()));
  return {};
}

// A loop of its own, so that a probe does not wait behind requests.
Causes Daemon::serve_operators() {
  const config::TelemetryConfig& telemetry = options_.config.telemetry;
  if (!telemetry.enabled) return {};
  operator_front_.emplace(telemetry.paths, *thread_, ScrapeSources{registry_, meter_, listeners_, energy_.get()}, phase_,
                          health_);
  operator_loop_.emplace(1, "operator");
  operator_loops_.emplace("event_loop/operator", 1, told_);
  const ListenPlace place = operator_place(telemetry.listen);
  operator_.emplace(*operator_loop_, net::ServerOptions{"[telemetry] listen", place.address, place.port, operator_limits()},
                    *operator_front_);
  if (const base::Status bound = operator_->bind(); !bound) return causes_of(bound.error());
  listeners_.watch("operator", operator_->counters());
  if (telemetry.tls.cert_file && telemetry.tls.key_file) {
    const net::TlsFiles files{*telemetry.tls.cert_file, *telemetry.tls.key_file, telemetry.tls.client_ca_file.value_or(""),
                              telemetry.tls.min_version == "1.3"};
    const auto use = [this](std::shared_ptr<const net::TlsContext> context) { operator_->use_tls(std::move(context)); };
    CertificateWatch watch(files, use);
    auto loaded = net::TlsContext::load(files);
    if (!loaded) return causes_of(loaded.error());
    use(*loaded);
    certificates_.push_back(std::move(watch));
  }
  if (const base::Status started = operator_loop_->start(operator_loops_->runner()); !started)
    return causes_of(started.error());
  if (const base::Status serving = operator_->serve(); !serving) return causes_of(serving.error());
  log_info("daemon", "operators' listener on " + place.address + ":" + std::to_string(operator_->port()));
  return {};
}

Causes Daemon::serve_http() {
  ApiSources sources{options_.config, *engine_, metrics_};
  sources.acknowledgments = &*acknowledgments_;
  if (correlator_) sources.correlator = &*correlator_;
  sources.energy = energy_.get();
  sources.meter = &meter_;
  api_.emplace(sources);
  const MemoryGuard* const guard = guard_ ? &*guard_ : nullptr;
  http_front_.use({options_.config,
                   *api_,
                   *thread_,
                   metrics_,
                   {registry_, meter_, listeners_, energy_.get()},
                   phase_,
                   health_,
                   &*acknowledgments_,
                   guard,
                   writes_,
                   http_receiver_});
  if (const base::Status serving = http_->serve(); !serving) return causes_of(serving.error());
  log_info("daemon", std::string(tls_ ? "OTLP HTTPS" : "OTLP HTTP") + " listening on " + address_of(config_, http_->port()));
  if (!config_.api_enabled) log_info("daemon", "query API disabled by configuration");
  socket_.emplace(config_, *thread_, guard, line_receiver_, told_);
  socket_->open();
  return {};
}

// On the first loop.
void Daemon::look_at_certificates() {
  for (CertificateWatch& watch : certificates_) watch.look();
}

// Stopping has taken too long: says what is lost, and ends.
void Daemon::give_up() {
  const auto lost = static_cast<std::uint64_t>(metrics_.events_in_flight->value());
  metrics_.events_abandoned->add(lost);
  base::log(base::LogLevel::kError, "daemon",
            "stopping took longer than [daemon] shutdown_timeout_ms (" + std::to_string(config_.shutdown_timeout_ms) +
                "): " + std::to_string(lost) + " spans were not analysed (perf_sentinel_events_abandoned_total)");
  ::_exit(1);
}

// Of event loops: from now on nobody waits for one that has failed.
void Daemon::end_restarts() {
  ingest_loops_.end_restarts();
  if (operator_loops_) operator_loops_->end_restarts();
}

// Nothing new comes in, what is in flight is answered, then every trace is analysed and everything is on disk.
void Daemon::stop() {
  log_info("daemon", "stopping: no new connections, draining");
  const milliseconds limit(config_.shutdown_timeout_ms);
  const StopDeadline deadline(limit, [this] { give_up(); });
  end_restarts();
  if (energy_) energy_->stop();
  socket_->close();
  std::thread grpc([this] { grpc_->stop(kStopGrace); });  // side by side: either may have to wait for its clients
  http_->stop(kStopGrace);
  grpc.join();
  thread_->stop(limit * 4 / 5);  // the rest is for the window and the archive
  loops_.stop();
  if (archive_) archive_->close();
  if (operator_) {  // last, so that probes see the end of it
    operator_->stop(kOperatorGrace);
    operator_loop_->stop();
  }
  log_info("daemon", "stopped");
}

// Connections are descriptors, and so are the files written meanwhile; the usual limit of 1024 is less than the listeners take.
void raise_descriptor_limit() {
  constexpr rlim_t kWanted = 16'384;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kWanted) return;
  limit.rlim_cur = std::min(kWanted, limit.rlim_max);
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Causes run_daemon(const DaemonOptions& options) {
  // One heap for all threads: what one frees, another can use, so that memory stays a third smaller under load.
  ::mallopt(M_ARENA_MAX, 1);
  // A file that may not grow is an error of that write, not the end of the process.
  (void)::signal(SIGXFSZ, SIG_IGN);
  raise_descriptor_limit();
  return Daemon(options).run();
}

}  // namespace sentinel::daemon
