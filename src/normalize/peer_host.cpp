#include "normalize/peer_host.h"

#include "base/text.h"

namespace sentinel::normalize {

std::optional<std::string> host_of_url(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    std::string_view host = target.substr(scheme.size());
    host = host.substr(0, host.find('/'));
    if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
    host = host.substr(0, host.find(':'));
    if (host.empty()) return std::nullopt;
    return base::ascii_lower(host);
  }
  return std::nullopt;
}

const std::string* peer_region(std::string_view target, const std::map<std::string, std::string>& service_regions) {
  if (service_regions.empty()) return nullptr;
  const std::optional<std::string> host = host_of_url(target);
  if (!host) return nullptr;
  const auto it = service_regions.find(*host);
  return it == service_regions.end() ? nullptr : &it->second;
}

}  // namespace sentinel::normalize
