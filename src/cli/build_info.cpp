#include "cli/build_info.h"

namespace sentinel::cli {
namespace {

#ifdef SENTINEL_REVISION
constexpr std::string_view kRevision = SENTINEL_REVISION;
#else
constexpr std::string_view kRevision = "unknown";
#endif

#if defined(__clang__)
constexpr std::string_view kCompiler = "clang " __VERSION__;
#else
constexpr std::string_view kCompiler = "gcc " __VERSION__;
#endif

#ifdef SENTINEL_BUILD_TYPE
constexpr std::string_view kBuildType = SENTINEL_BUILD_TYPE;
#else
constexpr std::string_view kBuildType = "unknown";
#endif

}  // namespace

BuildInfo build_info() { return {kRevision, kCompiler, kBuildType}; }

}  // namespace sentinel::cli
