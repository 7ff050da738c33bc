// What every JSON format must keep to, on any bytes: the size of the blocks that are read changes no event, no counter and no
// verdict. (Of several faults a refusal names the first that was met, which may be another one in other blocks.)
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "../tests/ingest/support/events.h"

namespace sentinel::fuzz {

// Quiet: a document that is cut off is a warning in a file, and the usual case here.
inline const bool kQuiet = setenv("PERF_SENTINEL_LOG", "off", 1) == 0;

inline int same_in_pieces(const std::uint8_t* data, std::size_t size, const ingest::Format& format) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  ingest::IngestOptions options = ingest::test::default_options();
  options.format = &format;
  const auto whole = ingest::test::outcome_of(input, options);
  for (const std::size_t block_size : {3U, 7U, 64U}) {
    options.block_size = block_size;
    const auto pieces = ingest::test::outcome_of(input, options);
    if (pieces == whole || (pieces.contains("error") && whole.contains("error"))) continue;
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    std::cerr << "blocks of " << block_size << "\n got " << pieces.dump(-1, ' ', true, kReplace) << "\nwant "
              << whole.dump(-1, ' ', true, kReplace) << "\n";
    std::abort();
  }
  return 0;
}

}  // namespace sentinel::fuzz
