#include "daemon/query_string.h"

#include <gtest/gtest.h>

namespace sentinel::daemon {
namespace {

using Parameters = QueryParameters;

TEST(QueryString, pairs_come_in_order_with_blanks_and_escapes_undone) {
  EXPECT_EQ(parse_query("a=1&b=x+y&a=%41%2f"), (Parameters{{"a", "1"}, {"b", "x y"}, {"a", "A/"}}));
}

TEST(QueryString, a_name_alone_has_the_empty_value) { EXPECT_EQ(parse_query("a&&b="), (Parameters{{"a", ""}, {"b", ""}})); }

TEST(QueryString, later_equal_signs_belong_to_the_value) { EXPECT_EQ(parse_query("a=b=c"), (Parameters{{"a", "b=c"}})); }

TEST(QueryString, a_bad_escape_stays_as_it_is) { EXPECT_EQ(parse_query("a=%zz%4"), (Parameters{{"a", "%zz%4"}})); }

TEST(QueryString, bytes_that_are_no_text_are_replaced) {
  EXPECT_EQ(parse_query("a=%ffx%c3%a9"), (Parameters{{"a", "\xEF\xBF\xBDx\xC3\xA9"}}));
  EXPECT_EQ(parse_query("a=%e2%82"), (Parameters{{"a", "\xEF\xBF\xBD\xEF\xBF\xBD"}}));
}

TEST(QueryString, a_path_segment_keeps_its_plus_and_must_be_text) {
  EXPECT_EQ(decode_segment("a+b%20c%2Fd"), "a+b c/d");
  EXPECT_EQ(decode_segment("%ff"), std::nullopt);
}

}  // namespace
}  // namespace sentinel::daemon
