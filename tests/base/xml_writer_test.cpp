#include "base/xml_writer.h"

#include <gtest/gtest.h>

namespace sentinel::base {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_xml_text(out, text);
  return out;
}

TEST(XmlText, EscapesMarkupWhereverItStands) {
  EXPECT_EQ(escaped("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c'");
  EXPECT_EQ(escaped("]]>"), "]]&gt;");
  for (std::size_t before = 0; before < 40; ++before) {  // across the blocks of the scan
    const std::string head(before, 'x');
    EXPECT_EQ(escaped(head + "<" + head), head + "&lt;" + head);
  }
}

TEST(XmlText, KeepsWhiteSpaceThatAnAttributeWouldLose) { EXPECT_EQ(escaped("a\tb\nc\rd e"), "a&#9;b&#10;c&#13;d e"); }

TEST(XmlText, ReplacesWhatXmlDoesNotAllow) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(escaped(std::string_view("\0\x01\x1f\x7f", 4)), bad + bad + bad + bad);
  EXPECT_EQ(escaped("\xC2\x85"), bad);                        // U+0085
  EXPECT_EQ(escaped("\xEF\xBF\xBE\xEF\xBF\xBF"), bad + bad);  // U+FFFE, U+FFFF
  EXPECT_EQ(escaped("\xED\xA0\x80"), bad + bad + bad);        // a surrogate: three bytes of no character
  EXPECT_EQ(escaped("a\xFFz\xC3"), "a" + bad + "z" + bad);    // invalid and cut UTF-8
  EXPECT_EQ(escaped("\xEF\xBF\xBD"), bad);                    // itself
  EXPECT_EQ(escaped("\xC2\xA0\xC3\xA9\xF0\x9F\x98\x80"), "\xC2\xA0\xC3\xA9\xF0\x9F\x98\x80");
}

TEST(XmlText, DropsInvisibleCharacters) {
  EXPECT_EQ(escaped("a\xE2\x80\xAE"
                    "b\xEF\xBB\xBF"
                    "c\xC2\xAD"),
            "abc");
  EXPECT_EQ(escaped("a\xE2\x80\xA8"
                    "b"),
            "a\xE2\x80\xA8"
            "b");  // U+2028 is a line of its own, not hidden
}

TEST(XmlWriter, NestsIndentsAndClosesEmptyElements) {
  std::string out;
  XmlWriter xml(out);
  xml.open("a").attribute("n", "x<y").attribute("m", std::uint64_t{7});
  xml.open("b").close();
  xml.open("c").text("one\ntwo & three").close();
  xml.open("d").open("e").close().close();
  xml.close();
  EXPECT_EQ(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<a n=\"x&lt;y\" m=\"7\">\n"
            "  <b/>\n"
            "  <c>one\ntwo &amp; three</c>\n"
            "  <d>\n"
            "    <e/>\n"
            "  </d>\n"
            "</a>\n");
}

}  // namespace
}  // namespace sentinel::base
