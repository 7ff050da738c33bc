#include "daemon/archive_writer.h"

#include <utility>

#include "base/log.h"
#include "daemon/archive_file.h"

namespace sentinel::daemon {
namespace {

constexpr std::string_view kArchiveTarget = "archive";
constexpr std::string_view kArchiveId = "archive/main";

}  // namespace

base::Result<std::unique_ptr<ArchiveWriter>> ArchiveWriter::open(const config::ArchiveConfig& config, DaemonMetrics& metrics,
                                                                 telemetry::Supervision told) {
  auto file = ArchiveFile::open(config);
  if (!file) return file.error();
  return std::unique_ptr<ArchiveWriter>(new ArchiveWriter(std::move(*file), metrics, told));
}

ArchiveWriter::ArchiveWriter(std::unique_ptr<ArchiveFile> file, DaemonMetrics& metrics, telemetry::Supervision told)
    : metrics_(metrics),
      component_(kArchiveId, told.meter, telemetry::Component::Role::kExporter),
      fill_(told.meter == nullptr ? nullptr : &told.meter->queue("archive")),
      file_(std::move(file)),
      loop_(kArchiveId, told) {
  show_fill();
  loop_.start([this] { run(); });
}

ArchiveWriter::~ArchiveWriter() { close(); }

bool ArchiveWriter::push(ArchiveWindow window) {
  const std::lock_guard lock(mutex_);
  if (closed_ || queue_.size() >= kArchiveQueue) {
    metrics_.archive_windows_dropped[ArchiveDrop::kQueueFull].add();
    if (dropped_in_a_row_++ == 0) {
      base::log_warn(kArchiveTarget, "the disk is slower than analysis: windows are missing from the archive (queue of " +
                                         std::to_string(kArchiveQueue) + " full)");
    }
    return false;
  }
  if (dropped_in_a_row_ > 1)
    base::log_warn(kArchiveTarget, std::to_string(dropped_in_a_row_) + " windows in a row are missing from the archive");
  dropped_in_a_row_ = 0;
  queue_.push_back(std::move(window));
  show_fill();
  filled_.notify_one();
  return true;
}

void ArchiveWriter::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    filled_.notify_one();
  }
  loop_.stop();
}

void ArchiveWriter::run() {
  for (;;) {
    ArchiveWindow window;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [this] { return closed_ || !queue_.empty(); });
      if (queue_.empty()) return;
      window = std::move(queue_.front());
      queue_.pop_front();
      show_fill();
    }
    try {
      write(window);
    } catch (...) {  // this loop is run again; the window is not
      metrics_.archive_windows_dropped[ArchiveDrop::kWriteFailed].add();
      throw;
    }
  }
}

// Precondition: the lock is held, or nobody else is there yet.
void ArchiveWriter::show_fill() {
  if (fill_ != nullptr) fill_->set(queue_.size(), kArchiveQueue);
}

void ArchiveWriter::write(const ArchiveWindow& window) {
  const auto written = file_->append(window.ts, window.report);
  if (!written) {
    metrics_.archive_windows_dropped[ArchiveDrop::kWriteFailed].add();
    component_.error(telemetry::ErrorKind::kDownstream);
    component_.call_failure(telemetry::ErrorKind::kDownstream);
    base::log_warn(kArchiveTarget, "a window is missing from the archive: " + written.error().text());
    return;
  }
  component_.call_success();
  component_.emissions(1);
  component_.activity();
  metrics_.archive_windows_written->add();
  metrics_.archive_bytes_written->add(*written);
  if (!file_->full()) return;
  if (const auto rotated = file_->rotate(window.ts); !rotated) base::log_warn(kArchiveTarget, rotated.error().text());
}

}  // namespace sentinel::daemon
