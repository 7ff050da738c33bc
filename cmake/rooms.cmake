# The rooms of the house, lower floors first, and which rooms each may see: the one table of floors. Each room is a folder of
# src/ and a static library; what it needs is linked, and scripts/check_layers.py holds every #include to the same table.
set(SENTINEL_ROOMS base model config normalize ingest correlate detect score analysis dbstat disclosure report net telemetry energy
    daemon tui cli)

set(sentinel_base_needs)
set(sentinel_model_needs base)
set(sentinel_config_needs model)
set(sentinel_normalize_needs model)
set(sentinel_ingest_needs normalize config)
set(sentinel_correlate_needs model)
set(sentinel_detect_needs correlate config)
set(sentinel_score_needs correlate config)
set(sentinel_analysis_needs ingest detect score)
set(sentinel_dbstat_needs normalize)
set(sentinel_disclosure_needs analysis)
set(sentinel_report_needs analysis dbstat disclosure)
set(sentinel_net_needs base)
set(sentinel_telemetry_needs base)
set(sentinel_energy_needs score net telemetry)
set(sentinel_daemon_needs report energy)
set(sentinel_tui_needs disclosure report)
set(sentinel_cli_needs report tui net daemon)

# Rooms that a span passes through are compiled for speed, the others for less code and a shorter build.
set(SENTINEL_HOT_ROOMS base model normalize ingest correlate detect score analysis)

# Rooms that run once a start or wait for people: compiled to be built quickly, a quarter faster than the others.
set(SENTINEL_SMALL_ROOMS config tui cli)

# Libraries from outside. All are linked from archives: a shared library costs every start 0.1-0.2 ms.
find_package(Threads REQUIRED)
set(ZLIB_USE_STATIC_LIBS ON)
find_package(ZLIB REQUIRED)
find_library(ZSTD_ARCHIVE libzstd.a REQUIRED)
find_library(NGHTTP2_ARCHIVE libnghttp2.a REQUIRED)
find_library(DEFLATE_ARCHIVE libdeflate.a REQUIRED)
find_path(OPENSSL_INCLUDE openssl/ssl.h REQUIRED)  # the library is loaded when it is needed: src/net/openssl.h
find_path(BEAST_INCLUDE boost/beast/version.hpp REQUIRED)
find_path(CURSES_INCLUDE curses.h REQUIRED)
find_library(NCURSESW_ARCHIVE libncursesw.a REQUIRED)
find_library(TINFO_ARCHIVE libtinfo.a REQUIRED)

set(sentinel_base_links Threads::Threads)
set(sentinel_ingest_links ZLIB::ZLIB ${ZSTD_ARCHIVE})
set(sentinel_net_links ${NGHTTP2_ARCHIVE} ${DEFLATE_ARCHIVE} ${ZSTD_ARCHIVE} ZLIB::ZLIB ${CMAKE_DL_LIBS})
set(sentinel_tui_links ${NCURSESW_ARCHIVE} ${TINFO_ARCHIVE})

# Tests of servers and clients speak TLS from the other side.
set(sentinel_net_test_links -lssl -lcrypto)

# What nearly every file includes, read once for all rooms that are compiled alike: of the standard library, and, where a room may
# see it, of model and config (named as includes, so that checkouts in different places share a compiler cache). A file names what it uses all the same: presets `fuzz` and `lint` compile without this.
set(SENTINEL_COMMON_HEADERS <algorithm> <array> <atomic> <bit> <charconv> <chrono> <cmath> <cstdint> <cstring> <functional>
    <limits> <map> <memory> <mutex> <optional> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>)
set(SENTINEL_MODEL_HEADERS <config/config.h> <model/finding.h> <model/report.h>)
set(SENTINEL_ROOMS_WITHOUT_MODEL base model normalize correlate dbstat net telemetry)

# Files of a room are compiled several at once, which halves the time of a clean build: what they include is read once for all, so
# names in unnamed namespaces are unique in a room and in its tests. Decoders, whose tables of members have the same names, are
# compiled alone.
option(SENTINEL_UNITY "Compile several files of a room at once" ON)
set(SENTINEL_ALONE src/ingest/native.cpp src/ingest/zipkin.cpp src/ingest/jaeger.cpp src/ingest/otlp/json.cpp
    src/ingest/otlp/json_values.cpp src/ingest/otlp/json_line.cpp src/ingest/otlp/protobuf.cpp)
set_source_files_properties(${SENTINEL_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

function(sentinel_unity target)
  if(SENTINEL_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    # Every file of a unit but the unit itself counts as a header, for this warning.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

function(sentinel_rooms)
  foreach(room IN LISTS SENTINEL_ROOMS)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${room}/*.cpp)
    if(sources)
      add_library(sentinel_${room} STATIC ${sources})
      set(scope PUBLIC)
      if(room IN_LIST SENTINEL_SMALL_ROOMS)
        set(level -O1)
      elseif(NOT room IN_LIST SENTINEL_HOT_ROOMS)
        set(level -O2)
      else()
        set(level -O3)
      endif()
      target_compile_options(sentinel_${room} PRIVATE $<$<CONFIG:Release>:${level}>)
      sentinel_unity(sentinel_${room})
      set(headers ${SENTINEL_COMMON_HEADERS})
      if(NOT room IN_LIST SENTINEL_ROOMS_WITHOUT_MODEL)
        list(APPEND headers ${SENTINEL_MODEL_HEADERS})
        string(APPEND level -model)
      endif()
      if(first${level})
        target_precompile_headers(sentinel_${room} REUSE_FROM ${first${level}})
      else()
        target_precompile_headers(sentinel_${room} PRIVATE ${headers})
        set(first${level} sentinel_${room})
      endif()
    else()
      add_library(sentinel_${room} INTERFACE)
      set(scope INTERFACE)
    endif()
    target_include_directories(sentinel_${room} ${scope} ${PROJECT_SOURCE_DIR}/src)
    list(TRANSFORM sentinel_${room}_needs PREPEND sentinel_ OUTPUT_VARIABLE needs)
    target_link_libraries(sentinel_${room} ${scope} ${needs} ${sentinel_${room}_links})
  endforeach()
endfunction()

# Tests are compiled to be built quickly. What undefined behaviour the program has shows in its own files, which are checked for it
# whatever calls them; the tests' own are checked for memory and threads only, which halves the time of a sanitizer's build.
set(SENTINEL_TEST_OPTIONS -O0)
if(SENTINEL_SANITIZE MATCHES undefined)
  list(APPEND SENTINEL_TEST_OPTIONS -fno-sanitize=undefined)
endif()

# What the tests share; fuzz targets and benchmarks use it too.
function(sentinel_test_support)
  add_library(test_support STATIC ${PROJECT_SOURCE_DIR}/tests/support/files.cpp ${PROJECT_SOURCE_DIR}/tests/support/json.cpp)
  set_source_files_properties(${PROJECT_SOURCE_DIR}/tests/support/files.cpp
    PROPERTIES COMPILE_DEFINITIONS SENTINEL_REPOSITORY_ROOT="${PROJECT_SOURCE_DIR}")
  target_include_directories(test_support PUBLIC ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src)
  target_link_options(test_support INTERFACE ${SENTINEL_TEST_LINKER})
  if(SENTINEL_TESTS)
    target_link_libraries(test_support PUBLIC GTest::gtest)
    target_compile_options(test_support PRIVATE ${SENTINEL_TEST_OPTIONS})
    target_precompile_headers(test_support PRIVATE ${SENTINEL_COMMON_HEADERS} <gtest/gtest.h> <nlohmann/json.hpp>)
  endif()
endfunction()

# One test program a room, from tests/<room>/*.cpp. Every test case is a ctest of its own, so that the summary counts cases and
# they run on all cores; under a sanitizer, where a process is slow to start, a room is one ctest.
function(sentinel_tests)
  foreach(room IN LISTS SENTINEL_ROOMS)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${room}/*.cpp)
    if(NOT sources)
      continue()
    endif()
    add_executable(test_${room} ${sources})
    target_link_libraries(test_${room} PRIVATE test_support sentinel_${room} GTest::gtest_main ${sentinel_${room}_test_links})
    target_compile_options(test_${room} PRIVATE ${SENTINEL_TEST_OPTIONS})
    target_precompile_headers(test_${room} REUSE_FROM test_support)
    sentinel_unity(test_${room})
    if(SENTINEL_SANITIZE)
      add_test(NAME ${room} COMMAND test_${room})
    else()
      gtest_discover_tests(test_${room} TEST_PREFIX ${room}. DISCOVERY_TIMEOUT 60)
    endif()
  endforeach()
  add_dependencies(test_cli perf-sentinel)  # tests/cli/program.h runs it
  # The system's interpreter first: ./dev installs what the tests import as packages of the system.
  find_program(Python3_EXECUTABLE python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_package(Python3 COMPONENTS Interpreter)
  if(Python3_FOUND)
    file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/scripts/*_test.py)
    foreach(script IN LISTS scripts)
      get_filename_component(name ${script} NAME_WE)
      add_test(NAME scripts.${name} COMMAND ${Python3_EXECUTABLE} ${script})
      set_tests_properties(scripts.${name} PROPERTIES ENVIRONMENT "PERF_SENTINEL=$<TARGET_FILE:perf-sentinel>")
    endforeach()
    # A client that ./dev interop has not installed is named as skipped.
    foreach(client curl grpc_cpp grpcurl go java node python collector)
      add_test(NAME interop.${client} COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/interop/run.py --ready-only --quick
        --binary $<TARGET_FILE:perf-sentinel> ${client})
      set_tests_properties(interop.${client} PROPERTIES SKIP_RETURN_CODE 77)
    endforeach()
  endif()
endfunction()
