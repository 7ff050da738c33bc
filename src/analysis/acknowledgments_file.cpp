// Reading the acknowledgment file (chapter 03 §10.1-§10.3).
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "analysis/acknowledgments.h"
#include "base/descriptor.h"
#include "base/expiry_date.h"
#include "base/text.h"
#include "config/toml.h"

namespace sentinel::analysis {
namespace {

using base::Error;
using base::Result;
namespace toml = config::toml;

constexpr std::size_t kShownValueBytes = 80;

// -- entries

// Where in the file an error is: "<path>: entry 2, field `reason`".
std::string place(std::string_view path, std::size_t entry, std::string_view field) {
  std::string out = base::for_terminal(path) + ": entry " + std::to_string(entry);
  if (!field.empty()) out.append(", field `").append(field).append("`");
  return out;
}

std::string quoted(std::string_view value) {
  return "\"" + base::for_terminal(base::truncate_utf8(value, kShownValueBytes)) + "\"";
}

struct Field {
  std::string_view name;
  std::string model::Acknowledgment::*required;
  std::optional<std::string> model::Acknowledgment::*optional;
};
constexpr Field kFields[] = {
    {"signature", &model::Acknowledgment::signature, nullptr},
    {"acknowledged_by", &model::Acknowledgment::acknowledged_by, nullptr},
    {"acknowledged_at", &model::Acknowledgment::acknowledged_at, nullptr},
    {"reason", &model::Acknowledgment::reason, nullptr},
    {"expires_at", nullptr, &model::Acknowledgment::expires_at},
    {"service", nullptr, &model::Acknowledgment::service},
    {"source_endpoint", nullptr, &model::Acknowledgment::source_endpoint},
};

Result<AckEntry> read_entry(const toml::Value& table, std::string_view path, std::size_t index) {
  if (table.as<toml::Table>() == nullptr) {
    return Error{"an entry must be a table, found " + std::string(table.type_name()), place(path, index, ""),
                 "write each entry as [[acknowledged]]"};
  }
  AckEntry entry;
  for (const Field& field : kFields) {
    const toml::Value* value = table.find(field.name);
    if (value == nullptr) {
      if (field.required == nullptr) continue;
      return Error{"this required key is missing", place(path, index, field.name), ""};
    }
    const std::string* text = value->as<std::string>();
    if (text == nullptr) {
      return Error{"must be a string, found " + std::string(value->type_name()), place(path, index, field.name),
                   "put it between quotes"};
    }
    if (field.required != nullptr) entry.acknowledgment.*field.required = *text;
    if (field.optional != nullptr) entry.acknowledgment.*field.optional = *text;
  }
  if (const std::optional<std::string>& date = entry.acknowledgment.expires_at) {
    const Result<std::int64_t> day = parse_expiry_date(*date);
    if (!day) return Error{quoted(*date) + ": " + day.error().what, place(path, index, "expires_at"), day.error().hint};
    entry.active_until_ms = base::last_instant_ms(day.value());
  }
  return entry;
}

// -- the file

Error file_error(std::string_view path, std::string what, std::string hint = "") {
  return {std::move(what), "acknowledgments file " + base::for_terminal(path), std::move(hint)};
}

Error too_large(const std::string& path) {
  return file_error(path, "larger than " + std::to_string(kMaxAckFileBytes) + " bytes, the most that is read");
}

Result<std::string> read_all(const std::string& path, int fd) {
  std::string bytes;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error(path, std::string("cannot be read: ") + std::strerror(errno));
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
    if (bytes.size() > kMaxAckFileBytes) return too_large(path);
  }
}

}  // namespace

Result<std::int64_t> parse_expiry_date(std::string_view text) { return base::parse_expiry_date(text); }

Result<AckFile> parse_acknowledgments(std::string_view bytes, std::string_view path) {
  if (!base::is_valid_utf8(bytes)) return file_error(path, "is not UTF-8 text");
  const Result<toml::Value> document = toml::parse(bytes);
  if (!document) return file_error(path, document.error().text());
  AckFile file;
  const toml::Value* list = document->find("acknowledged");
  if (list == nullptr) return file;
  const toml::Array* entries = list->as<toml::Array>();
  if (entries == nullptr) {
    return file_error(path, "`acknowledged` must be a list of tables, found " + std::string(list->type_name()),
                      "write each entry as [[acknowledged]]");
  }
  file.reserve(entries->size());
  for (std::size_t i = 0; i < entries->size(); ++i) {
    Result<AckEntry> entry = read_entry((*entries)[i], path, i);
    if (!entry) return entry.error();
    file.push_back(std::move(*entry));
  }
  return file;
}

Result<AckFile> load_acknowledgments(const std::string& path) {
  struct stat link {};
  if (::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode)) {
    return file_error(path, "is a symbolic link, which is refused", "name the file itself");
  }
  // O_NOFOLLOW: the check above must still hold when the file is opened.
  const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0) {
    if (errno == ENOENT) return AckFile{};
    return file_error(path, std::string("cannot be opened: ") + std::strerror(errno));
  }
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return file_error(path, std::string("cannot be read: ") + std::strerror(errno));
  if (S_ISDIR(info.st_mode)) return file_error(path, "is a directory");
  if (S_ISREG(info.st_mode) && static_cast<std::uint64_t>(info.st_size) > kMaxAckFileBytes) return too_large(path);
  Result<std::string> bytes = read_all(path, file.get());
  if (!bytes) return bytes.error();
  return parse_acknowledgments(bytes.value(), path);
}

}  // namespace sentinel::analysis
