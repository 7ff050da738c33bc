#include "detect/signature.h"

#include "base/sha256.h"
#include "base/text.h"

namespace sentinel::detect {

std::string template_hash(std::string_view template_text) {
  constexpr std::size_t kHashBytes = 16;
  return base::hex(base::sha256(template_text), kHashBytes);
}

std::string signature(model::FindingType type, std::string_view service, std::string_view source_endpoint,
                      std::string_view template_text) {
  return signature_with_hash(type, service, source_endpoint, template_hash(template_text));
}

std::string signature_with_hash(model::FindingType type, std::string_view service, std::string_view source_endpoint,
                                std::string_view hash) {
  std::string out;
  out.reserve(model::slug(type).size() + service.size() + source_endpoint.size() + hash.size() + 3);
  out += model::slug(type);
  out += ':';
  base::append_visible(out, service);
  out += ':';
  const std::size_t endpoint = out.size();
  base::append_visible(out, source_endpoint);
  for (std::size_t i = endpoint; i < out.size(); ++i) {
    if (out[i] == '/' || out[i] == ' ') out[i] = '_';
  }
  out += ':';
  out += hash;
  return out;
}

}  // namespace sentinel::detect
