// A configuration document of any bytes: read, merged, validated and explained without harm; a refusal says where and why.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "config/explain.h"
#include "config/load.h"
#include "config/profiles_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sentinel;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!base::is_valid_utf8(bytes)) return 0;  // refused by whoever reads the file
  (void)config::parse_profiles(bytes);
  (void)config::parse_calibration(bytes);
  config::LoadOptions options;
  options.environment = [](const char*) { return std::optional<std::string>(); };
  options.now_ms = 1'767'225'600'000;  // rules expire the same way on every run
  const base::Result<config::Loaded> loaded = config::load_text(bytes, "fuzz.toml", options);
  if (loaded) {
    if (config::explain_text(*loaded).empty()) std::abort();
  } else if (!loaded.error().text().starts_with("Error parsing config: in ") || loaded.error().what.empty()) {
    std::abort();
  }
  return 0;
}
