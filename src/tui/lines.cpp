#include "tui/lines.h"

#include <algorithm>

#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

struct StyledGlyph {
  Glyph glyph;
  Style style;
};

std::vector<StyledGlyph> glyphs_of(const std::vector<Piece>& pieces) {
  std::vector<StyledGlyph> out;
  for (const Piece& piece : pieces) {
    GlyphReader reader(piece.text);
    for (Glyph glyph; reader.next(glyph);) out.push_back({glyph, piece.style});
  }
  return out;
}

int width_of(const std::vector<Piece>& pieces) {
  std::size_t columns = 0;
  for (const Piece& piece : pieces) columns += columns_of(piece.text);
  return static_cast<int>(columns);
}

// Where the line that begins at `first` ends, and where the next begins.
struct Break {
  std::size_t end;
  std::size_t next;
};

Break find_break(const std::vector<StyledGlyph>& glyphs, std::size_t first, int room) {
  int used = 0;
  std::size_t blank = first;  // the last blank that the line may end at; first = none
  std::size_t at = first;
  for (; at < glyphs.size(); ++at) {
    if (used + glyphs[at].glyph.width > room) break;
    used += glyphs[at].glyph.width;
    if (glyphs[at].glyph.code == U' ') blank = at;
  }
  if (at == glyphs.size()) return {at, at};
  if (glyphs[at].glyph.code == U' ') blank = at;
  const auto is_blank = [&](std::size_t i) { return glyphs[i].glyph.code == U' '; };
  std::size_t text = first;  // blanks at the beginning are an indent, no place to break at
  while (text < at && is_blank(text)) ++text;
  if (blank <= text) return {std::max(at, first + 1), std::max(at, first + 1)};
  std::size_t next = blank;
  while (next < glyphs.size() && is_blank(next)) ++next;
  return {blank, next};
}

void append(Line& line, const std::vector<StyledGlyph>& glyphs, std::size_t first, std::size_t end) {
  for (std::size_t i = first; i < end; ++i) {
    if (line.pieces.empty() || line.pieces.back().style != glyphs[i].style) line.pieces.push_back({{}, glyphs[i].style});
    append_utf8(line.pieces.back().text, glyphs[i].glyph.code);
  }
}

}  // namespace

void fold(const Line& line, int width, Lines& out) {
  if (width_of(line.pieces) <= width) {
    out.emplace_back().pieces = line.pieces;
    return;
  }
  const std::vector<StyledGlyph> glyphs = glyphs_of(line.pieces);
  const int hang = width_of(line.hang);
  const bool hangs = hang > 0 && hang <= width / 2;  // an indent that leaves no room for text is given up
  std::size_t at = 0;
  bool first = true;
  do {
    Line& row = out.emplace_back();
    if (!first && hangs) row.pieces = line.hang;
    const Break end = find_break(glyphs, at, std::max(1, !first && hangs ? width - hang : width));
    append(row, glyphs, at, end.end);
    at = end.next;
    first = false;
  } while (at < glyphs.size());
}

Lines fold(const Lines& lines, int width) {
  Lines out;
  for (const Line& line : lines) fold(line, width, out);
  return out;
}

Line labelled(std::string_view label, std::size_t label_columns, std::string value, Style style) {
  Line line;
  std::string head(label);
  head += ':';
  const std::size_t used = columns_of(head);
  head.append(used < label_columns ? label_columns - used : 1, ' ');
  line.add(std::move(head), kDim).add(std::move(value), style);
  return line.continue_with(std::string(label_columns, ' '));
}

void put_line(Screen& screen, int x, int y, const Line& line, int room) {
  int at = 0;
  for (const Piece& piece : line.pieces) at += screen.put(x + at, y, piece.text, piece.style, room - at);
}

std::string text_of(const Line& line) {
  std::string out;
  for (const Piece& piece : line.pieces) out += piece.text;
  return out;
}

}  // namespace sentinel::tui
