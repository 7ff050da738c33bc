// JSON for expectations: nlohmann's types, with what makes them compiled once for all tests instead of once in each file.
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string_view>

namespace sentinel {

// The document that the text or stream holds; throws nlohmann::json::parse_error, which fails the test. Document is
// nlohmann::json or nlohmann::ordered_json.
template <class Document>
[[nodiscard]] Document parsed_json(std::string_view text);
template <class Document>
[[nodiscard]] Document parsed_json(std::istream& in);

extern template nlohmann::json parsed_json(std::string_view text);
extern template nlohmann::json parsed_json(std::istream& in);
extern template nlohmann::ordered_json parsed_json(std::string_view text);
extern template nlohmann::ordered_json parsed_json(std::istream& in);

}  // namespace sentinel

extern template class nlohmann::basic_json<>;
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
