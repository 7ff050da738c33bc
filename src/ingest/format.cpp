#include "ingest/format.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sentinel::ingest {

const Format kNative = {"native", cut_array, decode_native, ResolveRule::kNone, false, false};
const Format kJaeger = {"jaeger", cut_jaeger, decode_jaeger, ResolveRule::kTrace, false, false};
const Format kZipkin = {"zipkin", cut_array, decode_zipkin, ResolveRule::kTrace, true, false};
const Format kOtlpJson = {"otlp-json", cut_otlp_json, decode_otlp_json, ResolveRule::kService, false, true};
const Format kOtlpNdjson = {"otlp-ndjson", cut_otlp_json, decode_otlp_json, ResolveRule::kService, false, true};
const Format kOtlpProtobuf = {"otlp-protobuf", nullptr, nullptr, ResolveRule::kService, false, true};

namespace {

constexpr std::array kFormats = {&kNative, &kJaeger, &kZipkin, &kOtlpJson, &kOtlpNdjson, &kOtlpProtobuf};

// Calls `visit(depth, key)` for each string followed by a colon, until it answers false; depth counts '{' and '['. Ends
// silently where the text does.
template <class Visit>
void each_key(std::string_view text, Visit visit) {
  unsigned depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && depth > 0) --depth;
    if (c != '"') continue;
    std::size_t end = i + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    if (end >= text.size()) return;
    std::size_t next = end + 1;
    while (next < text.size() && base::is_ascii_space(text[next])) ++next;
    if (next < text.size() && text[next] == ':' && !visit(depth, text.substr(i + 1, end - i - 1))) return;
    i = end;
  }
}

// An object is OTLP when it has resourceSpans, even after "data", which marks a Jaeger answer.
const Format& recognise_object(std::string_view text) {
  const Format* found = &kNative;
  each_key(text, [&](unsigned depth, std::string_view key) {
    if (depth != 1) return true;
    if (key == "resourceSpans" || key == "resource_spans") {
      found = &kOtlpJson;
      return false;
    }
    if (key == "data") found = &kJaeger;
    return true;
  });
  return *found;
}

// An array is Zipkin's when its first object has Zipkin's keys.
const Format& recognise_array(std::string_view text) {
  bool trace_id = false;
  bool endpoint = false;
  unsigned objects = 0;
  each_key(text, [&](unsigned depth, std::string_view key) {
    trace_id = trace_id || (depth == 2 && key == "traceId");
    endpoint = endpoint || (depth == 2 && key == "localEndpoint");
    return !(trace_id && endpoint) && ++objects < 4096;
  });
  return trace_id && endpoint ? kZipkin : kNative;
}

// False when the first bytes hold something that is no UTF-8; a character that the window cuts is none.
bool begins_as_text(std::string_view text) {
  constexpr std::size_t kWindow = 1024;
  constexpr std::size_t kCharacter = 4;
  std::string_view window = text.substr(0, kWindow);
  for (std::size_t cut = 0; window.size() == kWindow - cut && cut < kCharacter; ++cut) {
    if (base::is_valid_utf8(window)) return true;
    window.remove_suffix(1);
  }
  return base::is_valid_utf8(window);
}

}  // namespace

const Format* format_named(std::string_view name) {
  const auto found = std::ranges::find_if(kFormats, [&](const Format* f) { return f->name == name; });
  return found == kFormats.end() ? nullptr : *found;
}

const Format& recognise(std::string_view beginning) {
  const std::string_view start = base::trim_left(beginning);
  if (!begins_as_text(beginning)) return kNative;
  if (start.starts_with('{')) return recognise_object(start);
  if (start.starts_with('[')) return recognise_array(start);
  return kNative;
}

}  // namespace sentinel::ingest
