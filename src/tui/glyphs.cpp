#include "tui/glyphs.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "tui/glyph_tables.h"

namespace sentinel::tui {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kLastCode = 0x10FFFF;

bool holds(std::span<const Range> ranges, char32_t code) {
  const auto after = std::ranges::upper_bound(ranges, code, {}, &Range::first);
  return after != ranges.begin() && code <= std::prev(after)->last;
}

// Without a shape of their own: soft hyphen, joiners, marks that change the direction of text, fillers, variation selectors,
// annotations, tags. Ascending.
constexpr Range kInvisible[] = {{0xAD, 0xAD},       {0x34F, 0x34F},    {0x61C, 0x61C},   {0x115F, 0x1160}, {0x17B4, 0x17B5},
                                {0x180B, 0x180F},   {0x200B, 0x200F},  {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
                                {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},  {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0x1BCA0, 0x1BCA3},
                                {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
// No text: line and paragraph separators, private use, what is no character.
constexpr Range kShapeless[] = {{0x2028, 0x2029}, {0xE000, 0xF8FF}, {0xFDD0, 0xFDEF}, {0xFFFE, 0xFFFF}, {0xF0000, kLastCode}};

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code <= 0x9F); }

struct Decoded {
  char32_t code = kReplacement;
  std::size_t length = 1;
};

// The character at the beginning of `text`, which is not empty; a byte that begins none counts as one.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t code = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[length] || code > kLastCode || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, length};
}

}  // namespace

bool GlyphReader::next(Glyph& glyph) {
  while (!rest_.empty()) {
    const Decoded at = decode(rest_);
    rest_.remove_prefix(at.length);
    if (at.code >= 0x20 && at.code < 0x7F) {
      glyph = {at.code, 1};
      return true;
    }
    if (is_control(at.code)) {
      glyph = {U'?', 1};
      return true;
    }
    if (holds(kInvisible, at.code)) continue;
    if (holds(kShapeless, at.code)) {
      glyph = {kReplacement, 1};
      return true;
    }
    const bool combining = holds(kCombining, at.code);
    glyph = {at.code, static_cast<std::uint8_t>(combining ? 0 : holds(kWide, at.code) ? 2 : 1)};
    return true;
  }
  return false;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  GlyphReader reader(text);
  for (Glyph glyph; reader.next(glyph);) columns += glyph.width;
  return columns;
}

std::string fit(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  std::string out;
  if (columns == 0) return out;
  std::size_t used = 0;
  GlyphReader reader(text);
  for (Glyph glyph; reader.next(glyph);) {
    if (used + glyph.width > columns - 1) break;
    append_utf8(out, glyph.code);
    used += glyph.width;
  }
  return out += "…";
}

void append_utf8(std::string& out, char32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace sentinel::tui
