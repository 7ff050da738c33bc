#include "support/json.h"

#include <istream>
#include <string>

namespace sentinel {

template <class Document>
Document parsed_json(std::string_view text) {
  return Document::parse(text);
}
template <class Document>
Document parsed_json(std::istream& in) {
  return Document::parse(in);
}

template nlohmann::json parsed_json(std::string_view text);
template nlohmann::json parsed_json(std::istream& in);
template nlohmann::ordered_json parsed_json(std::string_view text);
template nlohmann::ordered_json parsed_json(std::istream& in);

}  // namespace sentinel

template class nlohmann::basic_json<>;
template class nlohmann::basic_json<nlohmann::ordered_map>;
