// Export requests to load a receiver with: encoded once, every copy with fresh trace ids.
//
// A trace is one server span with its calls: selects, now and then an update, an HTTP call and a span of the service's own
// work. Of an N+1 trace all selects are one template, one after the other; in the others each reads a table of its own and
// calls overlap. Shape and texts are made up, after what auto-instrumentation of a Java shop sends: some 340 bytes a span.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sentinel::load {

class Request {
 public:
  // `spans` spans in traces of nine over four services; in `bad` of a hundred traces there is an N+1.
  Request(std::size_t spans, unsigned bad);

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  // Writes ids into a copy of bytes(): the same for the same `serial`, others for others.
  void freshen(char* copy, std::uint64_t serial) const;

 private:
  struct Id {
    std::size_t at;
    std::uint64_t trace;
  };
  std::string bytes_;
  std::vector<Id> ids_;
};

}  // namespace sentinel::load
