#include "report/ndjson.h"

#include "base/json_writer.h"
#include "report/finding_json.h"

namespace sentinel::report {
namespace {

constexpr std::size_t kLineBytes = 1600;

}  // namespace

void append_ndjson(std::string& out, std::span<const model::Finding> findings) {
  out.reserve(out.size() + kLineBytes * findings.size());
  base::JsonWriter json(out, base::JsonWriter::Style::kCompact);
  for (const model::Finding& finding : findings) {
    write_finding(json, finding);
    out += '\n';
  }
}

}  // namespace sentinel::report
