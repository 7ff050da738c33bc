#include "detect/signature.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/text.h"

namespace sentinel::detect {

std::string signature(model::FindingType type, std::string_view service, std::string_view source_endpoint,
                      std::string_view template_text) {
  constexpr std::size_t kHashBytes = 16;
  std::string endpoint(source_endpoint);
  std::ranges::replace_if(
      endpoint, [](char c) { return c == '/' || c == ' '; }, '_');
  std::string out(model::slug(type));
  out += ':';
  out += base::strip_invisible(service);
  out += ':';
  out += base::strip_invisible(endpoint);
  out += ':';
  out += base::hex(base::sha256(template_text), kHashBytes);
  return out;
}

}  // namespace sentinel::detect
