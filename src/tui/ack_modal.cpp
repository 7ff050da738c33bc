#include "tui/ack_modal.h"

#include <algorithm>
#include <string_view>

#include "tui/glyphs.h"
#include "tui/lines.h"

namespace sentinel::tui {
namespace {

constexpr int kWidth = 70;
constexpr int kAcknowledgeRows = 16;
constexpr int kRevokeRows = 8;

struct Field {
  std::string_view label;
  std::size_t most;  // characters
};
constexpr Field kFieldTable[] = {
    {"Reason (shown to everybody who asks)", 256}, {"Expires (24h, 7d, or a date and time; empty: never)", 64}, {"By", 128}};

// Control characters, and those that turn the direction of what follows.
bool is_unwanted(char32_t c) {
  return c < U' ' || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

// The end of a text, where it is typed, in `room` columns.
std::string tail(std::u32string_view text, int room) {
  std::string shown = utf8(text);
  while (static_cast<int>(columns_of(shown)) > room && !text.empty()) {
    text.remove_prefix(1);
    shown = utf8(text);
  }
  return shown;
}

std::u32string utf32(std::string_view text) {
  std::u32string out;
  GlyphReader reader(text);
  for (Glyph glyph; reader.next(glyph);) {
    if (!is_unwanted(glyph.code)) out += glyph.code;
  }
  return out;
}

}  // namespace

AckModal::AckModal(Kind kind, std::string signature, std::string_view author)
    : kind_(kind), signature_(std::move(signature)), stop_(kind == Kind::kRevoke ? Stop::kSubmit : Stop::kReason) {
  fields_[static_cast<std::size_t>(Stop::kBy)] = utf32(author).substr(0, kFieldTable[static_cast<std::size_t>(Stop::kBy)].most);
}

void AckModal::move(unsigned steps) {
  const unsigned first = kind_ == Kind::kRevoke ? kFields : 0;
  const unsigned count = kStops - first;
  stop_ = static_cast<Stop>(first + (static_cast<unsigned>(stop_) - first + steps) % count);
}

AckModal::Wish AckModal::handle(const Event& event) {
  if (event.kind != Event::Kind::kKey) return Wish::kNone;
  const unsigned back = kind_ == Kind::kRevoke ? kStops - kFields - 1 : kStops - 1;
  switch (event.key) {
    case Key::kEscape:
      return Wish::kCancel;
    case Key::kTab:
    case Key::kDown:
      move(1);
      return Wish::kNone;
    case Key::kBackTab:
    case Key::kUp:
      move(back);
      return Wish::kNone;
    case Key::kEnter:
      if (stop_ == Stop::kCancel) return Wish::kCancel;
      if (stop_ == Stop::kSubmit) return submitting_ ? Wish::kNone : Wish::kSubmit;
      move(1);
      return Wish::kNone;
    case Key::kBackspace:
      if (on_field() && !submitting_ && !field().empty()) field().pop_back();
      return Wish::kNone;
    case Key::kCharacter:
      if (on_field() && !submitting_ && !is_unwanted(event.character) &&
          field().size() < kFieldTable[static_cast<std::size_t>(stop_)].most) {
        field() += event.character;
      }
      return Wish::kNone;
    default:
      return Wish::kNone;
  }
}

AckChange AckModal::change() const {
  return {.revoke = kind_ == Kind::kRevoke,
          .signature = signature_,
          .reason = utf8(fields_[static_cast<std::size_t>(Stop::kReason)]),
          .expires = utf8(fields_[static_cast<std::size_t>(Stop::kExpires)]),
          .by = utf8(fields_[static_cast<std::size_t>(Stop::kBy)])};
}

void AckModal::submitting() {
  submitting_ = true;
  failure_.clear();
}

void AckModal::failed(std::string text) {
  submitting_ = false;
  failure_ = std::move(text);
}

void AckModal::draw(Screen& screen) const {
  const bool revoke = kind_ == Kind::kRevoke;
  const int width = std::min(kWidth, screen.columns() - 4);
  const int height = std::min(revoke ? kRevokeRows : kAcknowledgeRows, screen.rows());
  const Rect box = {(screen.columns() - width) / 2, (screen.rows() - height) / 2, width, height};
  screen.fill(box);
  screen.box(box, kActiveBorder);
  screen.put(box.x + 1, box.y, revoke ? " Revoke acknowledgment " : " Acknowledge finding ", kHeading, width - 2);
  const Rect in = {box.x + 2, box.y + 1, width - 4, height - 2};
  int y = in.y;
  screen.put(in.x, y, fit("Finding: " + signature_, static_cast<std::size_t>(in.width)), kPlain, in.width);
  y += 2;
  for (std::size_t i = 0; !revoke && i < kFields; ++i) {
    const bool focused = static_cast<std::size_t>(stop_) == i;
    screen.put(in.x, y, kFieldTable[i].label, focused ? kHeading : kDim, in.width);
    const std::string value = tail(fields_[i], in.width - 1);
    if (value.empty()) {
      screen.put(in.x, y + 1, focused ? "_" : "(empty)", focused ? kBold : kDim, in.width);
    } else {
      const int used = screen.put(in.x, y + 1, value, focused ? kBold : kPlain, in.width - 1);
      if (focused) screen.put(in.x + used, y + 1, "_", kBold, 1);
    }
    y += 2;
  }
  if (!revoke) ++y;
  const std::string_view submit = submitting_ ? "[Submitting...]" : "[Submit]";
  int x = in.x + screen.put(in.x, y, submit, stop_ == Stop::kSubmit ? kActiveTab : kPlain, in.width);
  x += 3;
  x += screen.put(x, y, "[Cancel]", stop_ == Stop::kCancel ? kActiveTab : kPlain, in.x + in.width - x) + 3;
  screen.put(x, y, "Tab/Shift-Tab to switch, Esc to cancel", kDim, in.x + in.width - x);
  const Lines folded = fold(Lines{Line(failure_, kBad)}, std::max(1, in.width));
  for (std::size_t i = 0; !failure_.empty() && i < folded.size() && y + 1 + static_cast<int>(i) < in.y + in.height; ++i) {
    put_line(screen, in.x, y + 1 + static_cast<int>(i), folded[i], in.width);
  }
}

}  // namespace sentinel::tui
