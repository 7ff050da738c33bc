#include "ingest/code_frame.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sentinel::ingest {

namespace {

// Frames of frameworks say nothing about whose code it is.
constexpr std::array<std::string_view, 24> kFrameworks = {"Symfony\\",
                                                          "Illuminate\\",
                                                          "Laravel\\",
                                                          "Doctrine\\",
                                                          "Slim\\",
                                                          "DI\\",
                                                          "PDO::",
                                                          "PDOStatement::",
                                                          "org.springframework.",
                                                          "org.apache.",
                                                          "org.hibernate.",
                                                          "org.eclipse.",
                                                          "jakarta.",
                                                          "javax.",
                                                          "java.",
                                                          "io.quarkus.",
                                                          "io.vertx.",
                                                          "io.helidon.",
                                                          "io.netty.",
                                                          "com.zaxxer.",
                                                          "ActiveRecord::",
                                                          "ActionController::",
                                                          "ActiveSupport::",
                                                          "Rack::"};

bool contains_any(std::string_view text, std::string_view characters) {
  return text.find_first_of(characters) != std::string_view::npos;
}

// Trimmed; empty when blank or unfit.
std::string_view usable_part(std::string_view text) {
  text = base::trim(text);
  return base::has_control(text) ? std::string_view() : text;
}

}  // namespace

std::string_view derive_namespace(std::string_view name) {
  std::size_t end = name.rfind('.');
  if (end == std::string_view::npos) end = name.rfind('\\');
  return end == std::string_view::npos ? std::string_view() : name.substr(0, end);
}

bool usable_frame(std::string_view code_namespace, std::string_view function, std::string& frame) {
  const std::string_view ns = usable_part(code_namespace);
  const std::string_view f = usable_part(function);
  if (!ns.empty() && !f.empty()) {
    const bool qualified = f.size() > ns.size() && f.starts_with(ns) && contains_any(f.substr(ns.size(), 1), ".\\:#");
    if (qualified) {
      frame.assign(f);
    } else {
      frame.assign(ns);
      frame.append(ns.find('\\') != std::string_view::npos || ns.find("::") != std::string_view::npos ? "::" : ".");
      frame.append(f);
    }
  } else if (!ns.empty()) {
    frame.assign(ns);
  } else if (contains_any(f, ".\\:#")) {
    frame.assign(f);
  } else {
    return false;
  }
  if (std::ranges::any_of(kFrameworks, [&](std::string_view prefix) { return frame.starts_with(prefix); })) return false;
  std::ranges::replace(frame, '#', '.');
  return !contains_any(frame, "?@");
}

}  // namespace sentinel::ingest
