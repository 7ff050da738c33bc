// The box in which a finding is accepted or an acceptance taken back (chapter 06 §9.4).
//
// A state machine over keys; whoever owns it carries out what it asks for. Owns its text. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "tui/acknowledger.h"
#include "tui/events.h"
#include "tui/screen.h"

namespace sentinel::tui {

class AckModal {
 public:
  enum class Kind : std::uint8_t { kAcknowledge, kRevoke };
  enum class Wish : std::uint8_t { kNone, kSubmit, kCancel };

  AckModal(Kind kind, std::string signature, std::string_view author);

  // What the person wants now; nothing is wished twice while a change is under way.
  [[nodiscard]] Wish handle(const Event& event);
  void draw(Screen& screen) const;

  [[nodiscard]] AckChange change() const;
  void submitting();
  void failed(std::string text);
  [[nodiscard]] bool is_submitting() const { return submitting_; }

 private:
  enum class Stop : std::uint8_t { kReason, kExpires, kBy, kSubmit, kCancel };
  static constexpr unsigned kStops = 5;
  static constexpr unsigned kFields = 3;

  void move(unsigned steps);
  [[nodiscard]] bool on_field() const { return static_cast<unsigned>(stop_) < kFields; }
  [[nodiscard]] std::u32string& field() { return fields_[static_cast<std::size_t>(stop_)]; }

  Kind kind_;
  std::string signature_;
  std::array<std::u32string, kFields> fields_;
  Stop stop_;
  bool submitting_ = false;
  std::string failure_;
};

}  // namespace sentinel::tui
