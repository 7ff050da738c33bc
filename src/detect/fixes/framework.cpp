#include "detect/fixes/framework.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace sentinel::detect {

namespace {

enum class Language : std::uint8_t { kJava, kCsharp, kPython, kRust, kGo, kNode, kRuby, kPhp };

constexpr std::array<std::string_view, kFrameworks> kSlugs = {
    "java_jpa",
    "java_webflux",
    "java_quarkus_reactive",
    "java_quarkus",
    "java_helidon_se",
    "java_helidon_mp",
    "java_generic",
    "csharp_ef_core",
    "csharp_generic",
    "python_django",
    "python_sqlalchemy",
    "python_generic",
    "rust_diesel",
    "rust_sea_orm",
    "rust_generic",
    "go_gorm",
    "go_generic",
    "node_prisma",
    "node_generic",
    "ruby_active_record",
    "ruby_generic",
    "php_laravel_eloquent",
    "php_doctrine",
    "php_generic",
    "kafka",
    "rabbitmq",
    "aws_sqs",
    "pulsar",
    "nats",
    "jms",
};

// By Language.
constexpr std::array<Framework, 8> kGeneric = {
    Framework::kJavaGeneric, Framework::kCsharpGeneric, Framework::kPythonGeneric, Framework::kRustGeneric,
    Framework::kGoGeneric,   Framework::kNodeGeneric,   Framework::kRubyGeneric,   Framework::kPhpGeneric,
};

// -- rules, in the order they are tried

struct TextRule {
  Framework framework;
  std::string_view text;
};

// A scope is the text or continues it with a dot.
constexpr TextRule kVendorScopes[] = {
    {Framework::kCsharpEfCore, "OpenTelemetry.Instrumentation.EntityFrameworkCore"},
    {Framework::kCsharpEfCore, "Microsoft.EntityFrameworkCore"},
    {Framework::kJavaQuarkusReactive, "io.quarkus.hibernate.reactive"},
    {Framework::kJavaQuarkusReactive, "io.quarkus.panache.reactive"},
    {Framework::kJavaQuarkusReactive, "io.quarkus.reactive"},
    {Framework::kJavaQuarkus, "io.quarkus"},
    {Framework::kRubyActiveRecord, "OpenTelemetry::Instrumentation::ActiveRecord"},
    {Framework::kPhpDoctrine, "io.opentelemetry.contrib.php.doctrine"},
    {Framework::kPhpLaravelEloquent, "io.opentelemetry.contrib.php.laravel"},
};

constexpr std::string_view kConventionPrefixes[] = {"io.opentelemetry.", "opentelemetry.instrumentation.",
                                                    "@opentelemetry/instrumentation-"};

// After a convention prefix, a scope is the text or continues it with a hyphen.
constexpr TextRule kConventionScopes[] = {
    {Framework::kJavaQuarkusReactive, "hibernate-reactive"},
    {Framework::kJavaQuarkus, "quarkus"},
    {Framework::kJavaWebflux, "spring-webflux"},
    {Framework::kJavaWebflux, "r2dbc"},
    {Framework::kJavaJpa, "spring-data"},
    {Framework::kJavaJpa, "hibernate"},
    {Framework::kJavaHelidonSe, "helidon"},
    {Framework::kPythonDjango, "django"},
    {Framework::kPythonSqlalchemy, "sqlalchemy"},
};

struct LanguageScope {
  Language language;
  std::string_view text;
  bool whole = false;  // the scope is the text, else it starts with it
};
constexpr LanguageScope kLanguageScopes[] = {
    {Language::kGo, "github.com/"},
    {Language::kNode, "@opentelemetry/instrumentation-"},
    {Language::kNode, "@prisma/"},
    {Language::kNode, "@nestjs/"},
    {Language::kCsharp, "Microsoft.EntityFrameworkCore", true},
    {Language::kCsharp, "Microsoft.EntityFrameworkCore."},
    {Language::kCsharp, "OpenTelemetry.Instrumentation."},
    {Language::kRuby, "OpenTelemetry::Instrumentation::"},
    {Language::kPhp, "io.opentelemetry.contrib.php."},
};

struct Extension {
  std::string_view text;
  Language language;
};
constexpr Extension kExtensions[] = {
    {"java", Language::kJava}, {"cs", Language::kCsharp}, {"py", Language::kPython}, {"rs", Language::kRust},
    {"go", Language::kGo},     {"rb", Language::kRuby},   {"php", Language::kPhp},   {"js", Language::kNode},
    {"ts", Language::kNode},   {"jsx", Language::kNode},  {"tsx", Language::kNode},  {"mjs", Language::kNode},
    {"mts", Language::kNode},  {"cjs", Language::kNode},  {"cts", Language::kNode},
};

struct NamespaceRule {
  Language language;
  Framework framework;
  std::string_view text;
  bool suffix = false;  // of the last segment, else a hint that matches whole segments
};
// Languages stand in the order in which a namespace alone is tried against them.
constexpr NamespaceRule kNamespaces[] = {
    {Language::kJava, Framework::kJavaHelidonMp, "io.helidon.microprofile"},
    {Language::kJava, Framework::kJavaHelidonSe, "io.helidon"},
    {Language::kJava, Framework::kJavaQuarkusReactive, "io.quarkus.hibernate.reactive"},
    {Language::kJava, Framework::kJavaQuarkusReactive, "io.quarkus.panache.reactive"},
    {Language::kJava, Framework::kJavaQuarkusReactive, "io.quarkus.reactive"},
    {Language::kJava, Framework::kJavaQuarkusReactive, "org.hibernate.reactive"},
    {Language::kJava, Framework::kJavaQuarkusReactive, "io.smallrye.mutiny"},
    {Language::kJava, Framework::kJavaQuarkus, "io.quarkus.hibernate.orm"},
    {Language::kJava, Framework::kJavaQuarkus, "io.quarkus.panache.common"},
    {Language::kJava, Framework::kJavaQuarkus, "io.quarkus"},
    {Language::kJava, Framework::kJavaWebflux, "org.springframework.web.reactive"},
    {Language::kJava, Framework::kJavaWebflux, "reactor.core"},
    {Language::kJava, Framework::kJavaJpa, "jakarta.persistence"},
    {Language::kJava, Framework::kJavaJpa, "javax.persistence"},
    {Language::kJava, Framework::kJavaJpa, "org.hibernate"},
    {Language::kJava, Framework::kJavaJpa, "org.springframework.data.jpa"},
    {Language::kJava, Framework::kJavaJpa, "Repository", true},
    {Language::kJava, Framework::kJavaJpa, "Repo", true},
    {Language::kJava, Framework::kJavaJpa, "Dao", true},
    {Language::kCsharp, Framework::kCsharpEfCore, "Microsoft.EntityFrameworkCore"},
    {Language::kCsharp, Framework::kCsharpEfCore, "Pomelo.EntityFrameworkCore"},
    {Language::kPython, Framework::kPythonDjango, "django"},
    {Language::kPython, Framework::kPythonSqlalchemy, "sqlalchemy"},
    {Language::kRust, Framework::kRustDiesel, "diesel::"},
    {Language::kRust, Framework::kRustSeaOrm, "sea_orm::"},
    {Language::kGo, Framework::kGoGorm, "gorm"},
    {Language::kNode, Framework::kNodePrisma, "prisma"},
    {Language::kPhp, Framework::kPhpLaravelEloquent, "Illuminate\\Database\\Eloquent"},
    {Language::kPhp, Framework::kPhpLaravelEloquent, "App\\Models"},
    {Language::kPhp, Framework::kPhpDoctrine, "Doctrine\\ORM"},
    {Language::kPhp, Framework::kPhpDoctrine, "Doctrine\\DBAL"},
};

constexpr std::string_view kInAllServiceNames = "helidon";
constexpr TextRule kServiceNames[] = {{Framework::kJavaHelidonMp, "helidon-mp"},
                                      {Framework::kJavaHelidonMp, "helidon.mp"},
                                      {Framework::kJavaHelidonSe, "helidon"}};

constexpr TextRule kBrokers[] = {
    {Framework::kKafka, "kafka"}, {Framework::kRabbitmq, "rabbitmq"}, {Framework::kAwsSqs, "aws_sqs"},
    {Framework::kAwsSqs, "sqs"},  {Framework::kAwsSqs, "amazonsqs"},  {Framework::kPulsar, "pulsar"},
    {Framework::kNats, "nats"},   {Framework::kJms, "jms"},           {Framework::kJms, "activemq"},
};

// -- matching

using Scopes = std::span<const std::string_view>;

bool is_or_continues(std::string_view text, std::string_view prefix, char next) {
  return text.starts_with(prefix) && (text.size() == prefix.size() || text[prefix.size()] == next);
}

// Segments are parted by dots, backslashes and double colons. A hint may end with the colons that end its segment.
bool begins_segment(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == '.' || text[at - 1] == '\\' || (text[at - 1] == ':' && at >= 2 && text[at - 2] == ':');
}

bool ends_segment(std::string_view text, std::size_t at, std::string_view hint) {
  return at == text.size() || hint.back() == ':' || text[at] == '.' || text[at] == '\\' || text.substr(at).starts_with("::");
}

std::string_view last_segment(std::string_view text) {
  std::size_t begin = 0;
  if (const std::size_t dot = text.rfind('.'); dot != std::string_view::npos) begin = dot + 1;
  if (const std::size_t colons = text.rfind("::"); colons != std::string_view::npos) begin = std::max(begin, colons + 2);
  return text.substr(begin);
}

// The first rule that matches. `wanted` says which languages take part.
template <class Wanted>
Framework by_namespace(std::string_view code_namespace, Wanted wanted) {
  constexpr std::size_t kNoRule = std::size(kNamespaces);
  std::size_t best = kNoRule;
  const auto try_rules = [&](bool suffix, auto matches) {
    for (std::size_t r = 0; r < best; ++r) {
      const NamespaceRule& rule = kNamespaces[r];
      if (rule.suffix == suffix && wanted(rule.language) && matches(rule.text)) best = r;
    }
  };
  for (std::size_t at = 0; at < code_namespace.size(); ++at) {
    if (!begins_segment(code_namespace, at)) continue;
    const std::string_view rest = code_namespace.substr(at);
    try_rules(false, [&](std::string_view hint) { return rest.starts_with(hint) && ends_segment(rest, hint.size(), hint); });
  }
  const std::string_view last = last_segment(code_namespace);
  try_rules(true, [&](std::string_view suffix) { return last.ends_with(suffix); });
  return best == kNoRule ? Framework::kUnknown : kNamespaces[best].framework;
}

Framework by_language(Language language, std::string_view code_namespace) {
  const Framework named = by_namespace(code_namespace, [&](Language l) { return l == language; });
  return named == Framework::kUnknown ? kGeneric[static_cast<std::size_t>(language)] : named;
}

// -- steps

Framework by_vendor_scope(Scopes scopes) {
  for (const TextRule& rule : kVendorScopes) {
    for (const std::string_view scope : scopes) {
      if (is_or_continues(scope, rule.text, '.')) return rule.framework;
    }
  }
  return Framework::kUnknown;
}

std::string_view after_convention_prefix(std::string_view scope) {
  for (const std::string_view prefix : kConventionPrefixes) {
    if (scope.starts_with(prefix)) return scope.substr(prefix.size());
  }
  return {};
}

Framework by_convention_scope(Scopes scopes) {
  for (const TextRule& rule : kConventionScopes) {
    for (const std::string_view scope : scopes) {
      if (is_or_continues(after_convention_prefix(scope), rule.text, '-')) return rule.framework;
    }
  }
  return Framework::kUnknown;
}

std::optional<Language> language_of(Scopes scopes) {
  for (const std::string_view scope : scopes) {
    for (const LanguageScope& rule : kLanguageScopes) {
      if (rule.whole ? scope == rule.text : scope.starts_with(rule.text)) return rule.language;
    }
  }
  return std::nullopt;
}

// The last part of a path that is neither empty nor ".".
std::string_view file_name(std::string_view path) {
  for (;;) {
    const std::size_t slash = path.rfind('/');
    const std::string_view part = slash == std::string_view::npos ? path : path.substr(slash + 1);
    if (!part.empty() && part != ".") return part == ".." ? std::string_view() : part;
    if (slash == std::string_view::npos) return {};
    path = path.substr(0, slash);
  }
}

std::optional<Language> language_of_file(std::string_view path) {
  const std::string_view name = file_name(path);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  for (const Extension& extension : kExtensions) {
    if (base::equals_ignoring_case(name.substr(dot + 1), extension.text)) return extension.language;
  }
  return std::nullopt;
}

// Any language; a backslash is found in PHP only, whose rules then stand alone.
Framework by_namespace_alone(std::string_view code_namespace) {
  const bool php = code_namespace.find('\\') != std::string_view::npos;
  return by_namespace(code_namespace, [&](Language l) { return (l == Language::kPhp) == php; });
}

Framework by_service(std::string_view service) {
  if (!base::contains_ignoring_case(service, kInAllServiceNames)) return Framework::kUnknown;
  for (const TextRule& rule : kServiceNames) {
    if (base::contains_ignoring_case(service, rule.text)) return rule.framework;
  }
  return Framework::kUnknown;
}

// Up to the first white space, the Unicode kinds included.
std::string_view first_token(std::string_view text) {
  text = base::trim_left(text);
  std::size_t end = 0;
  while (end < text.size() && base::trim_left(text.substr(end)).size() == text.size() - end) ++end;
  return text.substr(0, end);
}

}  // namespace

std::string_view slug(Framework framework) {
  return framework == Framework::kUnknown ? std::string_view() : kSlugs[static_cast<std::size_t>(framework)];
}

Framework detect_framework(Scopes scopes, const model::CodeLocation& code, std::string_view service) {
  if (scopes.empty() && code.filepath.empty() && code.code_namespace.empty()) return by_service(service);
  if (const Framework f = by_vendor_scope(scopes); f != Framework::kUnknown) return f;
  if (const Framework f = by_convention_scope(scopes); f != Framework::kUnknown) return f;
  std::optional<Language> language = language_of(scopes);
  if (!language) language = language_of_file(code.filepath);
  if (language) return by_language(*language, code.code_namespace);
  if (const Framework f = by_namespace_alone(code.code_namespace); f != Framework::kUnknown) return f;
  return by_service(service);
}

Framework detect_broker(std::string_view messaging_template) {
  std::string system = base::ascii_lower(first_token(messaging_template));
  std::ranges::replace_if(
      system, [](char c) { return c == '.' || c == '-'; }, '_');
  for (const TextRule& rule : kBrokers) {
    if (system == rule.text) return rule.framework;
  }
  return Framework::kUnknown;
}

}  // namespace sentinel::detect
