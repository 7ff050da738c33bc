#include "config/rules.h"

#include <gtest/gtest.h>

#include "config/windows_paths.h"

namespace sentinel::config {
namespace {

TEST(UrlRule, LooksAtSchemeAndAuthorityOnly) {
  for (const char* fine : {"http://h", "https://h:65535/x y", "http://[::1]", "http://[::1]:", "http://[::1]:80/",
                           "http://h/a@b", "http://h:0", "http://127.0.0.1:9/"})
    EXPECT_EQ(url_problem(fine), "") << fine;
  EXPECT_EQ(url_problem("HTTP://h"), "it must start with http:// or https://");
  EXPECT_EQ(url_problem(" http://h"), "it must start with http:// or https://");
  EXPECT_EQ(url_problem("http:///x"), "it names no host");
  EXPECT_EQ(url_problem("http://u@h"), "user information is not allowed: use auth_header");
  EXPECT_EQ(url_problem("http://h\x01"), "it holds control characters");
  for (const char* port : {"http://h:", "http://h:x", "http://h:65536", "http://[::1]:65536", "http://h?a:b"})
    EXPECT_EQ(url_problem(port), "the port must be a number from 0 to 65535") << port;
}

TEST(UrlRule, TheSchemeMayBeOptional) {
  EXPECT_EQ(url_problem("api.example", Scheme::kOptional), "");
  EXPECT_EQ(url_problem("ftp://h", Scheme::kOptional), "the port must be a number from 0 to 65535");
}

TEST(HeaderRule, SplitsAtTheFirstColonAndTrims) {
  const Header header = parse_auth_header(" X-Key : a:b\tc ").value();
  EXPECT_EQ(header.name, "X-Key");
  EXPECT_EQ(header.value, "a:b\tc");
  EXPECT_TRUE(parse_auth_header("A: \xC3\xA9"));
}

TEST(HeaderRule, RefusesWhatConnectionsSetThemselvesAndBadBytes) {
  for (const char* name : {"Host", "content-length", "Transfer-Encoding", "CONNECTION", "upgrade", "te", "Proxy-Connection"})
    EXPECT_EQ(parse_auth_header(std::string(name) + ": x").error().what, "this header is set by the connection itself");
  EXPECT_EQ(parse_auth_header("nocolon").error().what, "no ':' after the name");
  EXPECT_EQ(parse_auth_header(": x").error().what, "the name is not a header name");
  EXPECT_EQ(parse_auth_header("a b: x").error().what, "the name is not a header name");
  EXPECT_EQ(parse_auth_header("a:  ").error().what, "the value is empty");
  EXPECT_EQ(parse_auth_header("a: x\r\nb: y").error().what, "the value holds control characters");
  EXPECT_EQ(parse_auth_header("a: x\x7F").error().what, "the value holds control characters");
  EXPECT_TRUE(parse_auth_header("a:" + std::string(kMaxHeaderBytes - 2, 'x')));
  EXPECT_EQ(parse_auth_header("a:" + std::string(kMaxHeaderBytes - 1, 'x')).error().what, "longer than 8192 bytes");
}

TEST(HostPortRule, TakesNamesAndBracketedAddresses) {
  EXPECT_EQ(parse_host_port("localhost:8888")->host, "localhost");
  EXPECT_EQ(parse_host_port("[::1]:1")->host, "::1");
  EXPECT_FALSE(parse_host_port("::1:8888"));
  EXPECT_FALSE(parse_host_port(":8888"));
  EXPECT_FALSE(parse_host_port("h:"));
}

TEST(LoopbackRule, KnowsLiteralAddressesOnly) {
  for (const char* local : {"127.0.0.1", "127.9.9.9", "::1", "[::1]"}) EXPECT_TRUE(is_loopback(local)) << local;
  for (const char* other : {"0.0.0.0", "::", "localhost", "10.0.0.1", "", "::ffff:127.0.0.1"})
    EXPECT_FALSE(is_loopback(other)) << other;
}

TEST(WindowsPaths, DoublesSingleBackslashesOfPathKeys) {
  EXPECT_EQ(escape_windows_paths(R"(json_socket = "C:\temp\x.sock" # \a)"), R"(json_socket = "C:\\temp\\x.sock" # \a)");
  EXPECT_EQ(escape_windows_paths(R"(  tls_key_path="a\tb")"), R"(  tls_key_path="a\\tb")");
}

TEST(WindowsPaths, KeepsRunsButANetworkPrefix) {
  EXPECT_EQ(escape_windows_paths(R"(toml_path = "C:\\dir\\t")"), R"(toml_path = "C:\\dir\\t")");
  EXPECT_EQ(escape_windows_paths(R"(toml_path = "\\host\share")"), R"(toml_path = "\\\\host\\share")");
  EXPECT_EQ(escape_windows_paths(R"(toml_path = "a\\\b")"), R"(toml_path = "a\\\b")");
}

TEST(WindowsPaths, LeavesOtherKeysAndFormsAlone) {
  for (const char* line : {R"(listen_address = "C:\dir")", R"(toml_path = 'C:\dir')", R"(toml_path = "C:\dir)", R"(toml_path)",
                           R"(x.toml_path = "C:\d")"})
    EXPECT_EQ(escape_windows_paths(line), line);
  EXPECT_EQ(escape_windows_paths("a = \"\\n\"\ntoml_path = \"\\n\"\n"), "a = \"\\n\"\ntoml_path = \"\\\\n\"\n");
}

TEST(WindowsPaths, TheClosingQuoteFollowsAnEvenNumberOfBackslashes) {
  EXPECT_EQ(escape_windows_paths(R"(toml_path = "a\"b" # "\x")"), R"(toml_path = "a\\"b" # "\x")");
}

}  // namespace
}  // namespace sentinel::config
