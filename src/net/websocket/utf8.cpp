#include "net/websocket/utf8.h"

namespace sentinel::net::websocket {

// The second byte has narrower bounds behind some leads: no longer form than needed, no surrogates, nothing past U+10FFFF.
bool Utf8Check::begin_character(unsigned char lead) {
  if (lead < 0xc2 || lead > 0xf4) return false;
  left_ = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  low_ = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  high_ = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  return true;
}

bool Utf8Check::take(std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (left_ > 0) {
      if (byte < low_ || byte > high_) return false;
      --left_;
      low_ = 0x80;
      high_ = 0xbf;
    } else if (byte >= 0x80 && !begin_character(byte)) {
      return false;
    }
  }
  return true;
}

}  // namespace sentinel::net::websocket
