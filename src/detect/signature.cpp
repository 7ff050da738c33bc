#include "detect/signature.h"

#include <algorithm>

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
  std::string endpoint(source_endpoint);
  std::ranges::replace_if(
      endpoint, [](char c) { return c == '/' || c == ' '; }, '_');
  std::string out(model::slug(type));
  out += ':';
  out += base::strip_invisible(service);
  out += ':';
  out += base::strip_invisible(endpoint);
  out += ':';
  out += hash;
  return out;
}

}  // namespace sentinel::detect
