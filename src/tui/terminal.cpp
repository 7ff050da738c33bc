#include "tui/terminal.h"

#define NCURSES_NOMACROS
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <string>

#include "tui/held_stderr.h"
#include "tui/signals.h"

namespace sentinel::tui {
namespace {

constexpr int kEscapeDelayMs = 25;     // how long an Esc may turn out to begin a longer key
constexpr int kMostEmptyReads = 16;    // a terminal that is readable and gives nothing has gone away
constexpr wchar_t kInterrupt = 3;      // Ctrl-C
constexpr wchar_t kRedraw = 12;        // Ctrl-L
constexpr wchar_t kSuspend = 26;       // Ctrl-Z
constexpr wchar_t kOddGlyph = 0xFFFD;  // for what this system's tables give another width than ours
constexpr std::string_view kMotionOn = "\x1b[?1003h";
constexpr std::string_view kMotionOff = "\x1b[?1003l";

// What terminals send for these keys whatever their description says.
struct KeySequence {
  const char* bytes;
  int key;
};
constexpr KeySequence kSequences[] = {
    {"\x1b[A", KEY_UP},     {"\x1b[B", KEY_DOWN},  {"\x1b[C", KEY_RIGHT}, {"\x1b[D", KEY_LEFT}, {"\x1bOA", KEY_UP},
    {"\x1bOB", KEY_DOWN},   {"\x1bOC", KEY_RIGHT}, {"\x1bOD", KEY_LEFT},  {"\x1b[H", KEY_HOME}, {"\x1b[F", KEY_END},
    {"\x1bOH", KEY_HOME},   {"\x1bOF", KEY_END},   {"\x1b[1~", KEY_HOME}, {"\x1b[4~", KEY_END}, {"\x1b[5~", KEY_PPAGE},
    {"\x1b[6~", KEY_NPAGE}, {"\x1b[Z", KEY_BTAB},
};

void write_now(std::string_view bytes) { (void)!::write(STDOUT_FILENO, bytes.data(), bytes.size()); }

// ncurses turns characters into bytes by the locale. A container often has none set although its terminal takes UTF-8.
class Utf8Locale {
 public:
  Utf8Locale() : before_(std::setlocale(LC_CTYPE, nullptr)) {
    (void)std::setlocale(LC_CTYPE, "");
    if (std::string_view(::nl_langinfo(CODESET)) != "UTF-8") (void)std::setlocale(LC_CTYPE, "C.UTF-8");
  }
  ~Utf8Locale() { (void)std::setlocale(LC_CTYPE, before_.c_str()); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  std::string before_;
};

// Where keys come from.
class KeyStream {
 public:
  KeyStream() {
    if (::isatty(STDIN_FILENO) == 1) {
      stream_ = stdin;
      return;
    }
    const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    stream_ = ::fdopen(fd, "r");
    owned_ = true;
  }
  ~KeyStream() {
    if (owned_ && stream_ != nullptr) (void)std::fclose(stream_);
  }
  KeyStream(const KeyStream&) = delete;
  KeyStream& operator=(const KeyStream&) = delete;

  [[nodiscard]] FILE* stream() const { return stream_; }
  [[nodiscard]] int fd() const { return ::fileno(stream_); }

 private:
  FILE* stream_ = nullptr;
  bool owned_ = false;
};

class Curses {
 public:
  Curses() = default;
  ~Curses() {
    if (screen_ == nullptr) return;
    set_mouse(false);
    (void)::endwin();
    ::delscreen(screen_);
  }
  Curses(const Curses&) = delete;
  Curses& operator=(const Curses&) = delete;

  base::Status open(FILE* keys, bool colors);
  void resize(int fd);
  void show(const Screen& screen);
  void redraw_all() { (void)::clearok(::curscr, TRUE); }
  void suspend();
  void set_mouse(bool on);

  [[nodiscard]] int columns() const { return ::getmaxx(::stdscr); }
  [[nodiscard]] int rows() const { return ::getmaxy(::stdscr); }

  // What puts the terminal back, for a handler that may not call ncurses.
  [[nodiscard]] static std::string farewell();

 private:
  [[nodiscard]] cchar_t character_of(const Cell& cell) const;

  SCREEN* screen_ = nullptr;
  bool colors_ = false;
  bool mouse_ = false;
};

base::Status Curses::open(FILE* keys, bool colors) {
  const char* name = std::getenv("TERM");
  const std::string type = name != nullptr ? name : "";
  const base::Error unknown = {.what = "cannot show a view on a terminal of type '" + type + "'",
                               .where = {},
                               .hint = "set TERM to what the terminal is, for example xterm-256color"};
  if (type.empty()) return unknown;
  ::set_escdelay(kEscapeDelayMs);
  screen_ = ::newterm(nullptr, stdout, keys);
  if (screen_ == nullptr) return unknown;
  if (::tigetstr("cup") == nullptr) return unknown;
  (void)::raw();
  (void)::noecho();
  (void)::nonl();
  (void)::keypad(::stdscr, TRUE);
  for (const KeySequence& sequence : kSequences) {
    if (::key_defined(sequence.bytes) == 0) (void)::define_key(sequence.bytes, sequence.key);
  }
  (void)::nodelay(::stdscr, TRUE);
  (void)::curs_set(0);
  (void)::mouseinterval(0);
  colors_ = colors && ::has_colors() && ::start_color() != ERR;
  if (colors_) {
    (void)::use_default_colors();
    constexpr std::array<short, kColors> kOf = {-1, COLOR_RED, COLOR_GREEN, COLOR_YELLOW, COLOR_CYAN};
    for (short i = 1; i < static_cast<short>(kColors); ++i) (void)::init_pair(i, kOf[static_cast<std::size_t>(i)], -1);
  }
  return base::success();
}

std::string Curses::farewell() {
  std::string out(kMotionOff);
  out += "\x1b[?1006l\x1b[?1000l";
  for (const char* capability : {"sgr0", "cnorm", "rmkx", "rmcup"}) {
    const char* bytes = ::tigetstr(capability);
    if (bytes != nullptr && bytes != reinterpret_cast<const char*>(-1)) out += bytes;
  }
  return out;
}

void Curses::resize(int fd) {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 && ::ioctl(fd, TIOCGWINSZ, &size) != 0) return;
  if (size.ws_row == 0 || size.ws_col == 0) return;
  if (size.ws_row != rows() || size.ws_col != columns()) (void)::resizeterm(size.ws_row, size.ws_col);
  redraw_all();
}

cchar_t Curses::character_of(const Cell& cell) const {
  std::array<wchar_t, kMarks + 2> text{};
  const auto base = static_cast<wchar_t>(cell.code);
  const bool known = base < 0x80 || ::wcwidth(base) == cell.width;
  text[0] = known ? base : kOddGlyph;
  for (std::size_t i = 0; known && i < kMarks && cell.marks[i] != 0; ++i) {
    const auto mark = static_cast<wchar_t>(cell.marks[i]);
    if (::wcwidth(mark) != 0) break;
    text[i + 1] = mark;
  }
  attr_t attributes = A_NORMAL;
  if (cell.style.bold) attributes |= A_BOLD;
  if (cell.style.dim) attributes |= A_DIM;
  if (cell.style.italic) attributes |= A_ITALIC;
  if (cell.style.reverse) attributes |= A_REVERSE;
  cchar_t out{};
  (void)::setcchar(&out, text.data(), attributes, colors_ ? static_cast<short>(cell.style.color) : short{0}, nullptr);
  return out;
}

void Curses::show(const Screen& screen) {
  (void)::werase(::stdscr);
  for (int y = 0; y < screen.rows(); ++y) {
    for (int x = 0; x < screen.columns(); ++x) {
      const Cell& cell = screen.at(x, y);
      if (cell.width == 0 || cell == Cell{}) continue;
      const cchar_t character = character_of(cell);
      (void)::mvwadd_wch(::stdscr, y, x, &character);
    }
  }
  (void)::wrefresh(::stdscr);
}

void Curses::suspend() {
  const bool mouse = mouse_;
  set_mouse(false);
  (void)::def_prog_mode();
  (void)::endwin();
  (void)::raise(SIGSTOP);
  (void)::reset_prog_mode();
  set_mouse(mouse);
  redraw_all();
}

void Curses::set_mouse(bool on) {
  if (on == mouse_) return;
  mouse_ = on;
  (void)::mousemask(on ? ALL_MOUSE_EVENTS | REPORT_MOUSE_POSITION : 0, nullptr);
  write_now(on ? kMotionOn : kMotionOff);
}

struct KeyName {
  wint_t code;
  Key key;
};
constexpr KeyName kFunctionKeys[] = {
    {KEY_UP, Key::kUp},       {KEY_DOWN, Key::kDown},    {KEY_LEFT, Key::kLeft},           {KEY_RIGHT, Key::kRight},
    {KEY_ENTER, Key::kEnter}, {KEY_BTAB, Key::kBackTab}, {KEY_PPAGE, Key::kPageUp},        {KEY_NPAGE, Key::kPageDown},
    {KEY_HOME, Key::kHome},   {KEY_END, Key::kEnd},      {KEY_BACKSPACE, Key::kBackspace},
};
constexpr KeyName kControlKeys[] = {{L'\r', Key::kEnter}, {L'\n', Key::kEnter},   {27, Key::kEscape},
                                    {L'\t', Key::kTab},   {127, Key::kBackspace}, {8, Key::kBackspace}};

template <std::size_t N>
std::optional<Event> named(const KeyName (&names)[N], wint_t code) {
  for (const KeyName& name : names) {
    if (name.code == code) return key_event(name.key);
  }
  return std::nullopt;
}

std::optional<Event> mouse_event_now() {
  MEVENT event{};
  if (::getmouse(&event) == ERR) return std::nullopt;
  if ((event.bstate & BUTTON4_PRESSED) != 0) return mouse_event(MouseAction::kWheelUp, event.x, event.y);
  if ((event.bstate & BUTTON5_PRESSED) != 0) return mouse_event(MouseAction::kWheelDown, event.x, event.y);
  if ((event.bstate & BUTTON1_PRESSED) != 0) return mouse_event(MouseAction::kPress, event.x, event.y);
  if ((event.bstate & BUTTON1_RELEASED) != 0) return mouse_event(MouseAction::kRelease, event.x, event.y);
  return mouse_event(MouseAction::kMove, event.x, event.y);
}

// Shows a view and feeds it until it ends.
class Session {
 public:
  Session(View& view, const TerminalOptions& options, Curses& curses, Signals& signals, int keys)
      : view_(view), options_(options), curses_(curses), signals_(signals), keys_(keys) {}

  // The signal that is to end the program, 0 for the person's wish.
  base::Result<int> run() {
    curses_.resize(keys_);
    while (true) {
      view_.tick();
      draw();
      auto waited = wait();
      if (!waited) return waited.error();
      const Signals::Seen seen = signals_.take();
      if (seen.ending != 0) return seen.ending;
      if (seen.resized) curses_.resize(keys_);
      if (*waited && !drain()) return 0;
      if (empty_reads_ > kMostEmptyReads) return gone();
    }
  }

 private:
  static base::Error gone() { return {.what = "the terminal went away", .where = {}, .hint = {}}; }

  void draw() {
    Screen screen(curses_.columns(), curses_.rows());
    view_.draw(screen);
    curses_.show(screen);
  }

  // True when there are keys to read; false for a signal, or when the view's patience is over.
  base::Result<bool> wait() {
    std::array<pollfd, 2> sources = {{{keys_, POLLIN, 0}, {signals_.fd(), POLLIN, 0}}};
    while (::poll(sources.data(), sources.size(), view_.patience_ms()) < 0) {
      if (errno != EINTR) return gone();
    }
    const bool readable = (sources[0].revents & POLLIN) != 0;
    if (!readable && (sources[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 && (sources[1].revents & POLLIN) == 0)
      return gone();
    return readable;
  }

  // Hands over all keys that are there; false when the view wants to end.
  bool drain() {
    ++empty_reads_;
    wint_t code = 0;
    for (int kind = ::wget_wch(::stdscr, &code); kind != ERR; kind = ::wget_wch(::stdscr, &code)) {
      empty_reads_ = 0;
      if (!feed(kind, code)) return false;
    }
    return true;
  }

  bool feed(int kind, wint_t code) {
    std::optional<Event> event;
    if (kind == KEY_CODE_YES) {
      event = code == KEY_MOUSE ? mouse_event_now() : named(kFunctionKeys, code);
    } else {
      if (code == kInterrupt) return false;
      if (code == kSuspend) curses_.suspend();
      if (code == kRedraw) curses_.redraw_all();
      event = named(kControlKeys, code);
      if (!event && code >= L' ') event = character_event(static_cast<char32_t>(code));
    }
    if (!event) return true;
    const Reaction reaction = view_.handle(*event);
    if (reaction.save) save(*reaction.save);
    curses_.set_mouse(view_.wants_mouse());
    return !reaction.quit;
  }

  void save(const Export& what) {
    if (!options_.save) return view_.notice("Exporting is not possible here");
    const base::Result<std::string> saved = options_.save(what);
    view_.notice(saved ? "Exported to " + *saved : saved.error().text());
  }

  View& view_;
  const TerminalOptions& options_;
  Curses& curses_;
  Signals& signals_;
  int keys_;
  int empty_reads_ = 0;
};

base::Result<int> show_until_ended(View& view, const TerminalOptions& options) {
  const KeyStream keys;
  if (keys.stream() == nullptr) {
    return base::Error{"no terminal to read keys from: standard input is none, and the process has no controlling terminal", "",
                       ""};
  }
  const Utf8Locale locale;
  const HeldStderr held;
  Signals signals(keys.fd());
  Curses curses;
  if (base::Status opened = curses.open(keys.stream(), options.colors); !opened) return opened.error();
  signals.set_farewell(Curses::farewell());
  return Session(view, options, curses, signals, keys.fd()).run();
}

}  // namespace

base::Status show(View& view, const TerminalOptions& options) {
  const base::Result<int> ended = show_until_ended(view, options);
  if (!ended) return ended.error();
  if (*ended != 0) end_by(*ended);
  return base::success();
}

}  // namespace sentinel::tui
