// Loads an OTLP receiver and says what it cost: spans accepted a second, latency, and the receiver's CPU time and memory
// (docs/performance.md, "The daemon"). One thread drives all connections.
#include <fcntl.h>
#include <libdeflate.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "load/requests.h"
#include "load/sender.h"

namespace {

using sentinel::load::Outcome;
using sentinel::load::Request;
using sentinel::load::Sender;
using sentinel::load::Target;

constexpr const char* kUsage =
    "usage: load_generator (--grpc | --http) HOST:PORT [option...]\n"
    "  --spans N         in a request: 512, or 9 for one trace      (512)\n"
    "  --connections N   one request in flight on each              (4)\n"
    "  --seconds S       how long to send                           (4)\n"
    "  --count N         end after so many requests\n"
    "  --rate N          spans a second over all connections; as fast as possible without\n"
    "  --bad PERCENT     traces that hold an N+1                    (10)\n"
    "  --gzip            compressed requests, a pool of 256 made beforehand\n"
    "  --pid PID         the receiver's: its CPU time and memory\n"
    "  --row NAME        print one row of a table\n";

constexpr std::size_t kPool = 256;

struct Options {
  Target target;
  std::size_t spans = 512;
  std::size_t connections = 4;
  double seconds = 4;
  std::uint64_t count = UINT64_MAX;
  double rate = 0;
  unsigned bad = 10;
  int pid = 0;
  std::string row;
};

bool take_target(Target& target, bool grpc, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  target.grpc = grpc;
  target.host = text.substr(0, colon) == "localhost" ? "127.0.0.1" : std::string(text.substr(0, colon));
  target.port = static_cast<std::uint16_t>(std::atoi(std::string(text.substr(colon + 1)).c_str()));
  return target.port != 0;
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  bool named = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--gzip") {
      options.target.gzip = true;
      continue;
    }
    if (++i == argc) return std::nullopt;
    const char* value = argv[i];
    if (flag == "--grpc" || flag == "--http") {
      if (named || !take_target(options.target, flag == "--grpc", value)) return std::nullopt;
      named = true;
    } else if (flag == "--spans") {
      options.spans = static_cast<std::size_t>(std::max(1, std::atoi(value)));
    } else if (flag == "--connections") {
      options.connections = static_cast<std::size_t>(std::max(1, std::atoi(value)));
    } else if (flag == "--seconds") {
      options.seconds = std::atof(value);
    } else if (flag == "--count") {
      options.count = std::strtoull(value, nullptr, 10);
    } else if (flag == "--rate") {
      options.rate = std::atof(value);
    } else if (flag == "--bad") {
      options.bad = static_cast<unsigned>(std::atoi(value));
    } else if (flag == "--pid") {
      options.pid = std::atoi(value);
    } else if (flag == "--row") {
      options.row = value;
    } else {
      return std::nullopt;
    }
  }
  return named ? std::optional(options) : std::nullopt;
}

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

std::string proc_file(int pid, const char* name) {
  std::string text;
  const int fd = open(("/proc/" + std::to_string(pid) + "/" + name).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return text;
  char buffer[4096];
  for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(got));
  close(fd);
  return text;
}

// User and system time of a process in seconds, in ticks of 10 ms.
double cpu_seconds(int pid) {
  const std::string stat = proc_file(pid, "stat");
  unsigned long user = 0;
  unsigned long system = 0;
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos ||
      std::sscanf(stat.c_str() + name_end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
    return 0;
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double peak_mb(int pid) {
  const std::string status = proc_file(pid, "status");
  const std::size_t at = status.find("VmHWM:");
  return at == std::string::npos ? 0 : std::atof(status.c_str() + at + 6) / 1024;
}

std::string gzipped(const std::string& raw) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(libdeflate_alloc_compressor(1),
                                                                                            libdeflate_free_compressor);
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), raw.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), raw.data(), raw.size(), out.data(), out.size()));
  return out;
}

struct Tally {
  std::vector<double> latencies_ms;
  std::uint64_t refused = 0;
  std::uint64_t broken = 0;
  double elapsed = 0;
  double cpu = 0;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), bad_(options.spans, small() ? 100 : options.bad), good_(options.spans, small() ? 0 : options.bad) {
    if (!options.target.gzip) return;
    for (std::uint64_t i = 0; i < kPool; ++i) {
      std::string raw = request_for(i).bytes();
      request_for(i).freshen(raw.data(), seed_ + i);
      pool_.push_back(gzipped(raw));
    }
  }

  bool run(Tally& tally) {
    for (std::size_t i = 0; i < options_.connections; ++i) {
      senders_.push_back(std::make_unique<Sender>(options_.target));
      if (!senders_.back()->connected()) return false;
    }
    const double cpu_before = options_.pid == 0 ? 0 : cpu_seconds(options_.pid);
    start_ns_ = now_ns();
    const auto end_ns = start_ns_ + static_cast<std::uint64_t>(options_.seconds * 1e9);
    while (true) {
      const std::uint64_t now = now_ns();
      const bool sending = now < end_ns && begun_ < options_.count;
      if (sending) begin_what_is_due(now);
      if (!sending && in_flight_ == 0) break;
      if (!wait_and_read(tally)) return false;
    }
    tally.elapsed = static_cast<double>(now_ns() - start_ns_) / 1e9;
    if (options_.pid != 0) tally.cpu = cpu_seconds(options_.pid) - cpu_before;
    return true;
  }

 private:
  // Too few traces for a share of them: whole requests are one or the other.
  [[nodiscard]] bool small() const { return options_.spans < 90; }
  [[nodiscard]] const Request& request_for(std::uint64_t serial) const { return serial % 100 < options_.bad ? bad_ : good_; }

  [[nodiscard]] std::uint64_t due_ns() const {
    if (options_.rate <= 0) return 0;
    return start_ns_ + static_cast<std::uint64_t>(static_cast<double>(begun_ * options_.spans) / options_.rate * 1e9);
  }

  void begin_what_is_due(std::uint64_t now) {
    for (const auto& sender : senders_) {
      if (begun_ >= options_.count || due_ns() > now) return;
      const Request& request = request_for(begun_);
      if (!sender->ready(request.bytes().size())) continue;
      std::string_view body;
      if (options_.target.gzip) {
        body = pool_[begun_ % kPool];
      } else {
        sender->body = request.bytes();
        request.freshen(sender->body.data(), seed_ + begun_);
        body = sender->body;
      }
      sender->begun_ns = now_ns();
      sender->begin(body);
      sender->send_more();
      ++begun_;
      ++in_flight_;
    }
  }

  bool wait_and_read(Tally& tally) {
    std::vector<pollfd>& watched = watched_;
    watched.clear();
    for (const auto& sender : senders_)
      watched.push_back({sender->fd(), static_cast<short>(POLLIN | (sender->wants_to_send() ? POLLOUT : 0)), 0});
    timespec limit{0, 1'000'000};
    if (options_.rate > 0) {
      const std::uint64_t now = now_ns();
      limit.tv_nsec = static_cast<long>(std::clamp<std::uint64_t>(due_ns() > now ? due_ns() - now : 0, 0, 1'000'000));
    }
    ppoll(watched.data(), watched.size(), &limit, nullptr);
    for (std::size_t i = 0; i < watched.size(); ++i) {
      Sender& sender = *senders_[i];
      if ((watched[i].revents & POLLOUT) != 0) sender.send_more();
      if ((watched[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
      const Outcome outcome = sender.receive();
      if (outcome == Outcome::kPending) continue;
      if (outcome == Outcome::kBroken) {
        ++tally.broken;
        senders_[i] = std::make_unique<Sender>(options_.target);
        if (!senders_[i]->connected()) return false;
      } else if (outcome == Outcome::kRefused) {
        ++tally.refused;
      } else {
        tally.latencies_ms.push_back(static_cast<double>(now_ns() - sender.begun_ns) / 1e6);
      }
      if (in_flight_ > 0) --in_flight_;
    }
    return true;
  }

  const Options& options_;
  const Request bad_;
  const Request good_;
  const std::uint64_t seed_ = now_ns();
  std::vector<std::string> pool_;
  std::vector<std::unique_ptr<Sender>> senders_;
  std::vector<pollfd> watched_;
  std::uint64_t start_ns_ = 0;
  std::uint64_t begun_ = 0;
  std::uint64_t in_flight_ = 0;
};

void report(const Options& options, Tally& tally) {
  std::vector<double>& all = tally.latencies_ms;
  std::sort(all.begin(), all.end());
  const auto at = [&](double share) {
    return all.empty() ? 0.0 : all[std::min(all.size() - 1, static_cast<std::size_t>(share * static_cast<double>(all.size())))];
  };
  const auto requests = static_cast<double>(all.size());
  const double spans = requests * static_cast<double>(options.spans);
  const double per_million = spans > 0 ? tally.cpu / spans * 1e6 : 0;
  const double per_request_us = requests > 0 ? tally.cpu / requests * 1e6 : 0;
  if (!options.row.empty()) {
    std::printf("| %s | %.2f M | %.0f | %.2f s | %.1f µs | %.2f ms | %.2f ms | %.0f MB |\n", options.row.c_str(),
                spans / tally.elapsed / 1e6, requests / tally.elapsed, per_million, per_request_us, at(0.5), at(0.99),
                peak_mb(options.pid));
    return;
  }
  std::printf("accepted  %.0f spans in %.2f s: %.0f spans/s, %.0f requests/s\n", spans, tally.elapsed, spans / tally.elapsed,
              requests / tally.elapsed);
  std::printf("latency   p50 %.2f ms, p99 %.2f ms, most %.2f ms\n", at(0.5), at(0.99), at(1));
  std::printf("refused   %llu, connections lost %llu\n", static_cast<unsigned long long>(tally.refused),
              static_cast<unsigned long long>(tally.broken));
  if (options.pid != 0)
    std::printf("receiver  %.2f CPU s: %.2f s a million spans, %.1f µs a request; peak memory %.1f MB\n", tally.cpu,
                per_million, per_request_us, peak_mb(options.pid));
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = parse(argc, argv);
  if (!options) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  Tally tally;
  if (!Load(*options).run(tally)) {
    std::fprintf(stderr, "load_generator: cannot connect to %s:%u\n", options->target.host.c_str(), options->target.port);
    return 1;
  }
  report(*options, tally);
  return tally.latencies_ms.empty() ? 1 : 0;
}
