#include "daemon/grpc_reflection.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    "sentinel_descriptors_begin:\n"
    ".incbin \"" SENTINEL_DESCRIPTORS
    "\"\n"
    "sentinel_descriptors_end:\n"
    ".popsection\n");

extern "C" {
extern const char sentinel_descriptors_begin[];
extern const char sentinel_descriptors_end[];
}

namespace sentinel::daemon {
namespace {

// -- protobuf: fields of a message one after the other

struct Field {
  unsigned number = 0;
  unsigned wire = 0;
  std::string_view bytes;  // of wire type 2
};

std::optional<std::uint64_t> take_varint(std::string_view& from) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !from.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

// False: malformed.
bool take_field(std::string_view& from, Field& field) {
  const auto tag = take_varint(from);
  if (!tag || *tag >> 3 == 0 || *tag >> 3 > 0x1FFF'FFFF) return false;
  field = {static_cast<unsigned>(*tag >> 3), static_cast<unsigned>(*tag & 7), {}};
  std::uint64_t size = 0;
  if (field.wire == 0) return take_varint(from).has_value();
  if (field.wire == 1) size = 8;
  if (field.wire == 5) size = 4;
  if (field.wire == 2) size = take_varint(from).value_or(UINT64_MAX);
  if ((field.wire != 1 && field.wire != 2 && field.wire != 5) || size > from.size()) return false;
  field.bytes = from.substr(0, static_cast<std::size_t>(size));
  from.remove_prefix(field.bytes.size());
  return true;
}

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

void append_field(std::string& out, unsigned number, std::string_view bytes) {
  append_varint(out, number << 3 | 2);
  append_varint(out, bytes.size());
  out += bytes;
}

// -- descriptors (google/protobuf/descriptor.proto)

constexpr unsigned kFileName = 1, kFilePackage = 2, kFileDependency = 3, kFileMessage = 4, kFileEnum = 5, kFileService = 6;
constexpr unsigned kName = 1, kNestedMessage = 3, kNestedEnum = 4, kServiceMethod = 2;

std::string_view name_of(std::string_view descriptor) {
  Field field;
  while (!descriptor.empty() && take_field(descriptor, field))
    if (field.number == kName) return field.bytes;
  return {};
}

std::string in_scope(std::string_view scope, std::string_view name) {
  return scope.empty() ? std::string(name) : std::string(scope) + "." + std::string(name);
}

// The message and what is declared within it.
void add_message(std::string_view descriptor, std::string_view scope, std::vector<std::string>& symbols) {
  const std::string own = in_scope(scope, name_of(descriptor));
  symbols.push_back(own);
  Field field;
  while (!descriptor.empty() && take_field(descriptor, field)) {
    if (field.number == kNestedMessage) add_message(field.bytes, own, symbols);
    if (field.number == kNestedEnum) symbols.push_back(in_scope(own, name_of(field.bytes)));
  }
}

void add_service(std::string_view descriptor, std::string_view scope, std::vector<std::string>& symbols) {
  const std::string own = in_scope(scope, name_of(descriptor));
  symbols.push_back(own);
  Field field;
  while (!descriptor.empty() && take_field(descriptor, field))
    if (field.number == kServiceMethod) symbols.push_back(in_scope(own, name_of(field.bytes)));
}

GrpcReflection::File read_file(std::string_view bytes, std::vector<std::string>& services) {
  GrpcReflection::File file;
  file.bytes = bytes;
  Field field;
  for (std::string_view rest = bytes; !rest.empty() && take_field(rest, field);) {  // the package stands before what it holds
    if (field.number == kFileName) file.name = field.bytes;
    if (field.number == kFilePackage) file.package = field.bytes;
    if (field.number == kFileDependency) file.dependencies.push_back(field.bytes);
    if (field.number == kFileMessage) add_message(field.bytes, file.package, file.symbols);
    if (field.number == kFileEnum) file.symbols.push_back(in_scope(file.package, name_of(field.bytes)));
    if (field.number == kFileService) {
      services.push_back(in_scope(file.package, name_of(field.bytes)));
      add_service(field.bytes, file.package, file.symbols);
    }
  }
  return file;
}

// -- the service's own messages

constexpr unsigned kByFilename = 3, kBySymbol = 4, kExtension = 5, kExtensionNumbers = 6, kListServices = 7;
constexpr unsigned kValidHost = 1, kOriginalRequest = 2, kFilesAnswer = 4, kServicesAnswer = 6, kErrorAnswer = 7;

std::string not_found(std::string_view what) {
  std::string error;
  append_varint(error, 1 << 3);
  append_varint(error, static_cast<unsigned>(net::GrpcStatus::kNotFound));
  append_field(error, 2, what);
  return error;
}

}  // namespace

GrpcReflection::GrpcReflection() {
  std::string_view set(sentinel_descriptors_begin,
                       static_cast<std::size_t>(sentinel_descriptors_end - sentinel_descriptors_begin));
  Field field;
  while (!set.empty() && take_field(set, field)) files_.push_back(read_file(field.bytes, services_));
  std::sort(services_.begin(), services_.end());
}

const GrpcReflection::File* GrpcReflection::file_named(std::string_view name) const {
  const auto found = std::find_if(files_.begin(), files_.end(), [&](const File& file) { return file.name == name; });
  return found == files_.end() ? nullptr : &*found;
}

const GrpcReflection::File* GrpcReflection::file_with(std::string_view symbol) const {
  for (const File& file : files_)
    if (std::find(file.symbols.begin(), file.symbols.end(), symbol) != file.symbols.end()) return &file;
  return nullptr;
}

// The file first, then those it needs, each once.
void GrpcReflection::append_file(const File& file, std::vector<const File*>& out) const {
  if (std::find(out.begin(), out.end(), &file) != out.end()) return;
  out.push_back(&file);
  for (const std::string_view name : file.dependencies)
    if (const File* needed = file_named(name); needed != nullptr) append_file(*needed, out);
}

net::GrpcReply GrpcReflection::respond(std::string_view message) const {
  unsigned asked = 0;  // the last of the alternatives counts
  std::string_view about;
  std::string_view host;
  Field field;
  for (std::string_view rest = message; !rest.empty();) {
    if (!take_field(rest, field)) return {net::GrpcStatus::kInvalidArgument, "no ServerReflectionRequest", {}, {}};
    if (field.number == kValidHost) host = field.bytes;
    if (field.number < kByFilename || field.number > kListServices) continue;
    asked = field.number;
    about = field.bytes;
  }
  net::GrpcReply reply;
  append_field(reply.response, kValidHost, host);
  append_field(reply.response, kOriginalRequest, message);
  const File* file = asked == kByFilename ? file_named(about) : asked == kBySymbol ? file_with(about) : nullptr;
  if (asked == kListServices) {
    std::string list;
    for (const std::string& service : services_) {
      std::string one;
      append_field(one, 1, service);
      append_field(list, 1, one);
    }
    append_field(reply.response, kServicesAnswer, list);
  } else if (file != nullptr) {
    std::vector<const File*> all;
    append_file(*file, all);
    std::string answer;
    for (const File* one : all) append_field(answer, 1, one->bytes);
    append_field(reply.response, kFilesAnswer, answer);
  } else {
    const bool extension = asked == kExtension || asked == kExtensionNumbers;
    append_field(reply.response, kErrorAnswer,
                 not_found(extension ? "there are no extensions" : "nothing is known by the name " + std::string(about)));
  }
  return reply;
}

}  // namespace sentinel::daemon
