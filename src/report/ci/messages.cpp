#include "report/ci/messages.h"

#include "base/number_format.h"
#include "base/text.h"

namespace sentinel::report {
namespace {

constexpr std::array<TypeText, model::kFindingTypes> kTypeTexts = {{
    {"N+1 SQL queries detected",
     "One statement runs once per element of a list. Load the rows with one query: an IN list, a join, or an eager load of the "
     "relation."},
    {"N+1 HTTP calls detected",
     "One endpoint is called once per element of a list. Ask for all elements in one call, or cache what does not change."},
    {"N+1 message publishing detected",
     "One message is published per element of a list. Send them as a batch, or put the list into one message."},
    {"Redundant SQL queries detected",
     "A statement runs again with the same parameters in one request. Keep its result for the length of the request."},
    {"Redundant HTTP calls detected",
     "A call is repeated with the same parameters in one request. Keep its answer for the length of the request."},
    {"Slow SQL queries detected",
     "A statement is over the time limit again and again. Look at its query plan, its indexes, and how many rows it returns."},
    {"Slow HTTP calls detected",
     "A call is over the time limit again and again. Look at the service that answers it; set a timeout, cache, or call it "
     "outside of the request."},
    {"Slow message publishing detected",
     "Publishing is over the time limit again and again. Look at the broker and its acknowledgment mode; publish outside of "
     "the request."},
    {"Excessive fan-out detected",
     "One operation starts more operations than the limit. Bound the number, batch them, or move them to the background."},
    {"Chatty service detected",
     "One request needs more HTTP calls than the limit. Offer what callers need in fewer, coarser calls."},
    {"Connection pool saturation detected",
     "More statements of a service are open at once than the limit. Limit concurrency, shorten transactions, or size the "
     "pool."},
    {"Serialized calls detected", "Independent calls run one after another. Start them together and wait for all of them."},
}};
static_assert(!kTypeTexts.back().phrase.empty(), "every type of finding has its row");

}  // namespace

const TypeText& describe(model::FindingType type) { return kTypeTexts[static_cast<std::size_t>(type)]; }

void append_clean(std::string& out, std::string_view text, Controls controls) {
  if (base::is_printable_ascii(text)) {
    out += text;
  } else {
    out += controls == Controls::kKeep ? base::strip_invisible(text) : base::for_terminal(text);
  }
}

void append_message(std::string& out, const model::Finding& finding, Controls controls) {
  out += model::slug(finding.type);
  out += " in ";
  append_clean(out, finding.service, controls);
  out += " on ";
  append_clean(out, finding.source_endpoint, controls);
  out += ": ";
  append_clean(out, finding.pattern.template_text, controls);
  out += " (";
  base::append_unsigned(out, finding.pattern.occurrences);
  out += " occurrences, ";
  base::append_unsigned(out, finding.pattern.window_ms);
  out += "ms window). ";
  append_clean(out, base::strip_code_ticks(finding.suggestion), controls);
}

void append_fix(std::string& out, const model::Finding& finding, Controls controls) {
  if (!finding.suggested_fix) return;
  append_clean(out, base::strip_code_ticks(finding.suggested_fix->recommendation), controls);
  const std::string_view url = finding.suggested_fix->reference_url;
  if (url.empty() || !base::is_safe_url(url)) return;
  out += " (see: ";
  append_clean(out, url, controls);
  out += ')';
}

}  // namespace sentinel::report
