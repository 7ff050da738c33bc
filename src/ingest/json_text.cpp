#include "ingest/json_text.h"

#include <charconv>
#include <map>

#include "base/json_writer.h"
#include "base/number_format.h"

namespace sentinel::ingest {

using base::JsonReader;

namespace {

void append_number(JsonReader& reader, std::string& out) {
  const std::size_t where = (reader.peek(), reader.offset());
  std::string_view text;
  bool integral = false;
  if (!reader.read_number(&text, &integral)) return;
  if (integral && text != "-0") {
    std::int64_t small = 0;
    std::uint64_t large = 0;
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, small).ec == std::errc() ||
        std::from_chars(text.data(), end, large).ec == std::errc()) {
      if (text.front() != '-' || small < 0) {
        out += text;
        return;
      }
    }
  }
  reader.go_back(where);
  double value = 0;
  if (reader.read_double(&value)) base::append_json_float(out, value);
}

void append_object(JsonReader& reader, std::string& out) {
  std::map<std::string, std::string> members;
  for (bool more = reader.enter_object(); more; more = reader.next_member()) {
    std::string& text = members[std::string(reader.key())];
    text.clear();
    append_compact(reader, text);
  }
  out += '{';
  for (const char* comma = ""; const auto& [key, text] : members) {
    out += comma;
    base::append_json_string(out, key);
    out += ':';
    out += text;
    comma = ",";
  }
  out += '}';
}

void append_array(JsonReader& reader, std::string& out) {
  out += '[';
  const char* comma = "";
  for (bool item = reader.enter_array(); item; item = reader.next_item()) {
    out += comma;
    append_compact(reader, out);
    comma = ",";
  }
  out += ']';
}

}  // namespace

void append_compact(JsonReader& reader, std::string& out) {
  switch (reader.peek()) {
    case '"': {
      std::string_view text;
      if (reader.read_string(&text)) base::append_json_string(out, text);
      break;
    }
    case '{':
      append_object(reader, out);
      break;
    case '[':
      append_array(reader, out);
      break;
    case 't':
    case 'f': {
      bool value = false;
      if (reader.read_bool(&value)) out += value ? "true" : "false";
      break;
    }
    case 'n':
      if (reader.read_null()) out += "null";
      break;
    default:
      append_number(reader, out);
  }
}

}  // namespace sentinel::ingest
