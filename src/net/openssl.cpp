#include "net/openssl.h"

#include <dlfcn.h>

#include <optional>

namespace sentinel::net {
namespace {

constexpr const char* kLibraries[] = {"libssl.so.3", "libssl.so.1.1"};

// All functions of one library, or nothing.
std::optional<OpenSsl> open_library(const char* name) {
  // Never closed: OpenSSL leaves clean-up work for the end of the process.
  void* const library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  OpenSsl functions;
  bool complete = true;
  const auto find = [&](const char* function, auto* to) {
    *to = reinterpret_cast<std::remove_pointer_t<decltype(to)>>(::dlsym(library, function));
    complete = complete && *to != nullptr;
  };
#define SENTINEL_OPENSSL_FIND(function) find(#function, &functions.function);
  SENTINEL_OPENSSL_FUNCTIONS(SENTINEL_OPENSSL_FIND)
#undef SENTINEL_OPENSSL_FIND
  if (!complete) return std::nullopt;
  return functions;
}

std::optional<OpenSsl> open_any() {
  for (const char* name : kLibraries) {
    if (auto functions = open_library(name)) return functions;
  }
  return std::nullopt;
}

}  // namespace

base::Result<const OpenSsl*> OpenSsl::load() {
  static const std::optional<OpenSsl> loaded = open_any();
  if (loaded) return &*loaded;
  return base::Error{.what = "encrypted connections need OpenSSL, which is not installed here",
                     .where = {},
                     .hint = "install the package that holds libssl.so.3 (Debian: libssl3)"};
}

}  // namespace sentinel::net
