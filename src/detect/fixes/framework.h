// Which framework a finding's code uses, from its instrumentation scopes, code location and service name (chapter 03 §8.2).
//
// Pure functions over texts; rules are tables in framework.cpp, tried in order, the first hit wins. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/finding.h"

namespace sentinel::detect {

enum class Framework : std::uint8_t {
  kJavaJpa,
  kJavaWebflux,
  kJavaQuarkusReactive,
  kJavaQuarkus,
  kJavaHelidonSe,
  kJavaHelidonMp,
  kJavaGeneric,
  kCsharpEfCore,
  kCsharpGeneric,
  kPythonDjango,
  kPythonSqlalchemy,
  kPythonGeneric,
  kRustDiesel,
  kRustSeaOrm,
  kRustGeneric,
  kGoGorm,
  kGoGeneric,
  kNodePrisma,
  kNodeGeneric,
  kRubyActiveRecord,
  kRubyGeneric,
  kPhpLaravelEloquent,
  kPhpDoctrine,
  kPhpGeneric,
  // Brokers, for messaging findings only.
  kKafka,
  kRabbitmq,
  kAwsSqs,
  kPulsar,
  kNats,
  kJms,
  kUnknown,
};
inline constexpr std::size_t kFrameworks = static_cast<std::size_t>(Framework::kUnknown);

// The tag in reports, e.g. "java_jpa"; empty for kUnknown.
[[nodiscard]] std::string_view slug(Framework framework);

// The framework behind a finding that is not about messaging.
[[nodiscard]] Framework detect_framework(std::span<const std::string_view> scopes, const model::CodeLocation& code,
                                         std::string_view service);

// The broker that a messaging template begins with (chapter 03 §8.4).
[[nodiscard]] Framework detect_broker(std::string_view messaging_template);

}  // namespace sentinel::detect
