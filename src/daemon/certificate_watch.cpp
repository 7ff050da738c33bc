#include "daemon/certificate_watch.h"

#include <sys/stat.h>

#include <utility>

#include "base/log.h"

namespace sentinel::daemon {

CertificateWatch::CertificateWatch(net::TlsFiles files, Use use)
    : files_(std::move(files)), use_(std::move(use)), seen_(stamps()) {}

CertificateWatch::Stamps CertificateWatch::stamps() const {
  Stamps out;
  const std::array<const std::string*, 3> paths = {&files_.certificate, &files_.key, &files_.client_ca};
  for (std::size_t i = 0; i < paths.size(); ++i) {
    struct stat facts {};
    if (paths[i]->empty() || ::stat(paths[i]->c_str(), &facts) != 0) continue;
    out[i] = {facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec, facts.st_ino, facts.st_size};
  }
  return out;
}

void CertificateWatch::look() {
  const Stamps now = stamps();
  if (now == seen_) return;
  seen_ = now;
  auto loaded = net::TlsContext::load(files_);
  if (!loaded) {
    base::log_warn("tls", loaded.error().text() + "; the certificate loaded before stays in use");
    return;
  }
  use_(*loaded);
  base::log_info("tls", "certificate loaded again: " + files_.certificate);
}

}  // namespace sentinel::daemon
