// UTF-8 checked as it comes: says at the first byte that can no longer be part of a valid text that it is none, which a text
// cut inside a character is not yet. One thread.
#pragma once

#include <string_view>

namespace sentinel::net::websocket {

class Utf8Check {
 public:
  // False: what was taken so far begins no valid text. Then the check is of no further use.
  [[nodiscard]] bool take(std::string_view bytes);
  // Nothing is missing of the last character.
  [[nodiscard]] bool complete() const { return left_ == 0; }

 private:
  bool begin_character(unsigned char lead);

  unsigned char left_ = 0;    // bytes of the present character still to come
  unsigned char low_ = 0x80;  // bounds of the next of them
  unsigned char high_ = 0xbf;
};

}  // namespace sentinel::net::websocket
