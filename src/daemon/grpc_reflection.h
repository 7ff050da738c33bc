// gRPC server reflection: which services the gRPC port has, and how protobuf describes them, so that tools such as grpcurl need
// no .proto file (grpc.reflection.v1 and v1alpha, which differ in their names only).
//
// The descriptions are src/daemon/grpc_descriptors.binpb, compiled in as it stands. Immutable; any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "net/grpc.h"

namespace sentinel::daemon {

inline constexpr std::array<std::string_view, 2> kReflectionPaths = {
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"};

class GrpcReflection final : public net::MessageResponder {
 public:
  GrpcReflection();

  // `message` is an encoded ServerReflectionRequest. What is asked for and not there is an answer too (NOT_FOUND within it); a
  // message that is malformed ends the call.
  [[nodiscard]] net::GrpcReply respond(std::string_view message) const override;

  // A described .proto file.
  struct File {
    std::string_view bytes;  // its FileDescriptorProto
    std::string_view name;
    std::string_view package;
    std::vector<std::string_view> dependencies;
    std::vector<std::string> symbols;  // full names of messages, enums, services and their methods
  };

 private:
  [[nodiscard]] const File* file_named(std::string_view name) const;
  [[nodiscard]] const File* file_with(std::string_view symbol) const;
  void append_file(const File& file, std::vector<const File*>& out) const;

  std::vector<File> files_;
  std::vector<std::string> services_;
};

}  // namespace sentinel::daemon
