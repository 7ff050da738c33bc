// `capture` as a person runs it: the program in a child process, OTLP sent to it, the file read (chapter 02 §1, §10).
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <thread>

#include "cli/program.h"
#include "net/http_client.h"
#include "net/support/raw_server.h"

namespace sentinel::cli {
namespace {

// A port that nobody listens on, most likely still so in a moment.
int free_port() {
  const net::RawServer probe([](net::Peer&) {});
  return probe.port();
}

struct Ports {
  int grpc = free_port();
  int http = free_port();
  [[nodiscard]] std::string flags() const {
    return " --listen-port-grpc " + std::to_string(grpc) + " --listen-port-http " + std::to_string(http);
  }
};

// One span "q" of the service "cart" in protobuf, with one attribute of the given AnyValue.
std::string field(unsigned number, const std::string& bytes) {
  return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(bytes.size()) + bytes;
}
std::string request(const std::string& value = std::string("\x18\x07", 2)) {
  const std::string span = field(1, std::string(14, '\0') + "\x0A\xBC") + field(2, std::string(7, '\0') + "\xDE") +
                           field(5, "q") + field(9, field(1, "n") + field(2, value));
  return field(1, field(1, field(1, field(1, "service.name") + field(2, field(1, "cart")))) + field(2, field(2, span)));
}

// The answer's status, as soon as the capture listens; 0 if it does not within a minute (a machine may be busy).
int post(const Ports& ports, const std::string& body, const std::string& type = "application/x-protobuf") {
  net::HttpClient client;
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (std::chrono::steady_clock::now() < until) {
    const net::HttpOutcome outcome = client.send({.method = "POST",
                                                  .url = "http://127.0.0.1:" + std::to_string(ports.http) + "/v1/traces",
                                                  .headers = {{"Content-Type", type}},
                                                  .body = body},
                                                 {});
    if (outcome.answered()) return outcome.answer.status;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return 0;
}

// Runs a capture around `sh -c SCRIPT`, which waits for the file "go", while `meanwhile` talks to it.
template <class Meanwhile>
Result around(Program& program, const Ports& ports, const std::string& flags, Meanwhile meanwhile) {
  std::vector<std::string> words = split("capture -o rec/t.json --grace-ms 50" + ports.flags() + flags + " -- sh -c");
  words.push_back("while [ ! -e go ]; do sleep 0.02; done");
  const pid_t capture = program.start(words);
  meanwhile();
  program.file("go", "");
  return program.end(capture);
}

TEST(Capture, WritesOneLineARequestAndAnalyzeReadsIt) {
  Program program;
  const Ports ports;
  const Result r = around(program, ports, "", [&] { EXPECT_EQ(post(ports, request()), 200); });
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_EQ(r.out, "");
  EXPECT_EQ(program.content("rec/t.json"),
            R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}],)"
            R"("droppedAttributesCount":0,"entityRefs":[]},"scopeSpans":[{"scope":null,"spans":[{"traceId":)"
            R"("00000000000000000000000000000abc","spanId":"00000000000000de","traceState":"","parentSpanId":"","flags":0,)"
            R"("name":"q","kind":0,"startTimeUnixNano":"0","endTimeUnixNano":"0","attributes":[{"key":"n","value":{"intValue":)"
            R"("7"}}],"droppedAttributesCount":0,"events":[],"droppedEventsCount":0,"links":[],"droppedLinksCount":0,"status":)"
            R"(null}],"schemaUrl":""}],"schemaUrl":""}]})"
            "\n");
  EXPECT_TRUE(has(r.err, "Capture: 1 spans in 1 requests written to rec/t.json\n")) << r.err;
  EXPECT_EQ(program.run("analyze -i rec/t.json").exit, 0);
}

TEST(Capture, NumbersThatAreNotFiniteComeBack) {
  Program program;
  const Ports ports;
  (void)around(program, ports, "", [&] {
    EXPECT_EQ(post(ports, request(std::string("\x21\0\0\0\0\0\0\xF8\x7F", 9))), 200);
    EXPECT_EQ(post(ports, request(std::string("\x21\0\0\0\0\0\0\xF0\xFF", 9))), 200);
  });
  EXPECT_TRUE(has(program.content("rec/t.json"), R"({"doubleValue":"NaN"})"));
  EXPECT_TRUE(has(program.content("rec/t.json"), R"({"doubleValue":"-Infinity"})"));
  EXPECT_EQ(program.run("analyze -i rec/t.json").exit, 0);
}

TEST(Capture, WhatWasRefusedMakesTheFileIncomplete) {
  Program program;
  const Ports ports;
  const Result r = around(program, ports, "", [&] {
    EXPECT_EQ(post(ports, request()), 200);
    EXPECT_EQ(post(ports, "{}", "application/json"), 415);
    EXPECT_EQ(post(ports, "\xFF\xFF"), 400);
  });
  EXPECT_EQ(r.exit, 2);
  EXPECT_TRUE(
      has(r.err, "Capture: 2 requests were refused as unusable: rec/t.json is incomplete. Set OTEL_EXPORTER_OTLP_PROTOCOL"));
}

TEST(Capture, TheSizeLimitKeepsWholeLines) {
  Program program;
  const Ports ports;
  const Result r = around(program, ports, " --max-file-size 0", [&] { EXPECT_EQ(post(ports, request()), 200); });
  EXPECT_EQ(r.exit, 2);
  EXPECT_EQ(program.content("rec/t.json"), "");
  EXPECT_TRUE(has(r.err, "Raise --max-file-size"));
}

TEST(Capture, PassesTheCommandsExitStatusOn) {
  Program program;
  const auto exits = [&](std::vector<std::string> command) {
    const Ports ports;
    std::vector<std::string> words = split("capture -o t.json --grace-ms 0" + ports.flags() + " --");
    words.insert(words.end(), command.begin(), command.end());
    return program.run_words(words);
  };
  EXPECT_EQ(exits({"sh", "-c", "exit 3"}).exit, 3);
  EXPECT_EQ(exits({"sh", "-c", "kill -TERM $$"}).exit, 143);
  const Result silent = exits({"sh", "-c", "echo out; echo err >&2"});
  EXPECT_EQ(silent.exit, 0);
  EXPECT_EQ(silent.out, "out\n");
  EXPECT_TRUE(has(silent.err, "err\n"));
  EXPECT_TRUE(has(silent.err, "Capture: no traces received. Does the application export to 127.0.0.1:"));
  EXPECT_TRUE(has(program.run("analyze -i t.json").err, "empty"));
  const Result missing = exits({"./no-such-program"});
  EXPECT_EQ(missing.exit, 1);
  EXPECT_TRUE(has(missing.err, "Error: cannot start ./no-such-program: No such file or directory\n"));
}

TEST(Capture, ATakenPortIsSaidBeforeAnythingIsTouched) {
  const net::RawServer taken([](net::Peer&) {});
  Program program;
  program.file("t.json", "old");
  const Result r = program.run("capture -o t.json --listen-port-grpc " + std::to_string(taken.port()) + " -- touch started");
  EXPECT_EQ(r.exit, 1);
  EXPECT_TRUE(has(r.err, "cannot bind 127.0.0.1:" + std::to_string(taken.port()))) << r.err;
  EXPECT_EQ(program.content("t.json"), "old");
  EXPECT_EQ(program.content("started"), "");
}

TEST(Capture, AFileThatWasRemovedMeanwhileIsAFailure) {
  Program program;
  const Ports ports;
  std::vector<std::string> words = split("capture -o rec/t.json --grace-ms 0" + ports.flags() + " -- rm -r rec");
  const Result r = program.run_words(words);
  EXPECT_EQ(r.exit, 1);
  EXPECT_TRUE(has(r.err, "trace file rec/t.json: was removed while the capture was writing it")) << r.err;
  EXPECT_FALSE(has(r.err, "Capture: "));
}

}  // namespace
}  // namespace sentinel::cli
