#include "ingest/cutter.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/text.h"

namespace sentinel::ingest {

using base::JsonFault;

namespace {

bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_blank_json(std::string_view text) { return std::ranges::all_of(text, is_json_space); }

// Line ends are rare in JSON: looking for each is faster than looking at every byte.
std::uint64_t count_lines(std::string_view text) {
  std::uint64_t lines = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) ++lines;
  return lines;
}

// What a value ends at when it is neither a string nor a container.
bool ends_scalar(char c) { return c == ',' || c == ']' || c == '}' || is_json_space(c); }

// Moves the position of `batch` over `text`, which stands before its buffer. Only errors need it: where the input can be read
// again, it is found then.
void pass_over(std::string_view text, Batch& batch) {
  const std::uint64_t lines = count_lines(text);
  batch.line += lines;
  batch.column += text.size();
  if (lines > 0) batch.column = text.size() - text.rfind('\n');
}

// Makes a batch's buffer larger; its bytes stay.
void resize(Batch& batch, std::size_t capacity) {
  char* const bytes = static_cast<char*>(std::realloc(batch.buffer.get(), capacity));
  if (bytes == nullptr) throw std::bad_alloc();
  static_cast<void>(batch.buffer.release());
  batch.buffer.reset(bytes);
  batch.capacity = capacity;
}

// A value that begins like no object is wrong in every array that is cut; past this size it is handed out as it is, so that
// the decoder refuses it before the whole input is in memory.
constexpr std::size_t kOddElementLimit = std::size_t{1} << 20;

}  // namespace

// -- the window

base::Status Cutter::start() {
  current_ = fresh_batch(block_size_);
  refill(0);
  if (source_error_) return *source_error_;
  return base::success();
}

Batch Cutter::fresh_batch(std::size_t capacity) {
  {
    const std::lock_guard lock(spare_mutex_);
    if (!spare_.empty() && spare_.back().capacity >= capacity) {
      Batch batch = std::move(spare_.back());
      spare_.pop_back();
      batch.size = 0;
      batch.directives.clear();
      return batch;
    }
  }
  Batch batch;
  resize(batch, capacity);
  return batch;
}

void Cutter::recycle(Batch&& batch) {
  if (batch.capacity != block_size_) return;
  const std::lock_guard lock(spare_mutex_);
  spare_.push_back(std::move(batch));
}

// Hands out the current batch, of which `consumed` bytes are used up, and begins the next with what is left.
void Cutter::flush(std::size_t consumed) {
  const std::size_t left = current_.size - consumed;
  std::size_t capacity = block_size_;
  while (capacity < left * 2) capacity *= 2;
  Batch next = fresh_batch(capacity);
  std::memcpy(next.buffer.get(), current_.buffer.get() + consumed, left);
  next.size = left;
  next.sequence = current_.sequence + 1;
  next.offset = current_.offset + consumed;
  next.line = current_.line;
  next.column = current_.column;
  if (!source_.repeatable()) pass_over({current_.buffer.get(), consumed}, next);
  emit_(std::move(current_));
  current_ = std::move(next);
}

// Reads more bytes behind those from `keep_from` on, which stay; false at the end of the input.
bool Cutter::refill(std::size_t keep_from) {
  if (ended_ || stopped_ || failed_) return false;
  if (!current_.directives.empty()) {
    flush(keep_from);
    at_ -= keep_from;
  } else if (current_.size == current_.capacity) {
    // Nothing to hand out: one value is larger than the buffer.
    resize(current_, current_.capacity * 2);
  }
  // A value that is not complete is looked at again from its start: at least twice as much each time, or a pipe that gives
  // little at once would make that quadratic.
  const std::size_t enough = std::max(block_size_ / 2, (current_.size - at_) * 2);
  while (current_.size < current_.capacity) {
    base::Result<std::size_t> n = source_.read(current_.buffer.get() + current_.size, current_.capacity - current_.size);
    if (!n) {
      source_error_ = n.error();
      ended_ = true;
      return false;
    }
    current_.size += *n;
    if (*n == 0) {
      ended_ = true;
      break;
    }
    if (current_.size - at_ >= enough) break;
  }
  return current_.size > at_;
}

bool Cutter::blank_input() {
  while (true) {
    while (at_ < current_.size && base::is_ascii_space(current_.buffer[at_])) ++at_;
    if (at_ < current_.size) return false;
    // Blank blocks are dropped, not kept.
    current_.offset += at_;
    pass_over({current_.buffer.get(), at_}, current_);
    current_.size = 0;
    at_ = 0;
    if (!refill(0)) return !source_error_.has_value();
  }
}

void Cutter::finish() {
  rest_.depth = depth_;
  if (current_.buffer) rest_.feed(text());
  if (!current_.directives.empty()) emit_(std::move(current_));
  current_ = Batch{};
  at_ = 0;
}

void Cutter::scan_rest() {
  std::vector<char> block(block_size_);
  while (!ended_) {
    base::Result<std::size_t> n = source_.read(block.data(), block.size());
    if (!n) {
      source_error_ = n.error();
      return;
    }
    if (*n == 0) break;
    rest_.feed({block.data(), *n});
  }
  ended_ = true;
  too_deep_ = too_deep_ || rest_.too_deep;
}

// -- structure

void Cutter::fault_at(std::uint64_t where, JsonFault kind, const char* what) {
  if (failed_) return;
  failed_ = true;
  directive({Step::kFault, 0, {}, {kind, where, what}});
}

bool Cutter::fail_here(const char* what) {
  if (source_error_ || stopped_) {
    failed_ = true;
    return false;
  }
  if (at_ >= current_.size) {
    fault(JsonFault::kUnexpectedEnd, "unexpected end of input");
  } else {
    fault(JsonFault::kSyntax, what);
  }
  return false;
}

char Cutter::peek() {
  if (failed_ || stopped_) return '\0';
  while (true) {
    while (at_ < current_.size && is_json_space(current_.buffer[at_])) ++at_;
    if (at_ < current_.size) return current_.buffer[at_];
    if (!refill(at_)) return '\0';
  }
}

bool Cutter::at_input_end() {
  peek();
  return failed_ || stopped_ || at_ >= current_.size;
}

// The input ends before the scalar at at_ does: there is no telling what else it was to be.
bool Cutter::ends_inside_scalar() {
  while (text().size() < kOddElementLimit && refill(at_)) continue;
  if (!ended_ || source_error_) return false;
  base::JsonReader reader(text(), scratch_);
  reader.skip();
  return reader.failed() && reader.error().fault == JsonFault::kUnexpectedEnd;
}

bool Cutter::open(char bracket, const char* what) {
  const char c = peek();
  if (failed_) return false;
  if (c != bracket || at_ >= current_.size) {
    if (at_ < current_.size && (c == '"' || c == '{' || c == '[' || c == '-' || base::is_alnum(c))) {
      const bool cut = c != '{' && c != '[' && ends_inside_scalar();
      fault(cut ? JsonFault::kUnexpectedEnd : JsonFault::kType, cut ? "unexpected end of input" : what);
      return false;
    }
    return fail_here(what);
  }
  if (depth_ >= kMaxDepth) {
    too_deep_ = true;
    fault(JsonFault::kTooDeep, "nesting too deep");
    return false;
  }
  ++depth_;
  ++at_;
  return true;
}

bool Cutter::enter_object() {
  if (!open('{', "expected an object")) return false;
  if (peek() == '}') {
    ++at_;
    --depth_;
    return false;
  }
  return read_key();
}

bool Cutter::read_key() {
  if (peek() != '"') return fail_here("expected a key in double quotes");
  const std::optional<std::string_view> token = take_value();
  if (!token) return false;
  const std::uint64_t start = offset() - token->size();
  base::JsonReader reader(*token, scratch_);
  std::string_view decoded;
  if (!reader.read_string(&decoded)) {
    fault_at(start + reader.error().offset, reader.error().fault, reader.error().what);
    return false;
  }
  key_ = decoded;
  if (peek() != ':') return fail_here("expected ':' after the key");
  ++at_;
  return true;
}

bool Cutter::next_member() {
  if (failed_) return false;
  const char c = peek();
  if (c == ',') {
    ++at_;
    return read_key();
  }
  if (c == '}') {
    ++at_;
    --depth_;
    return false;
  }
  return fail_here("expected ',' or '}'");
}

bool Cutter::enter_array() {
  if (!open('[', "expected an array")) return false;
  if (peek() == ']') {
    ++at_;
    --depth_;
    return false;
  }
  return true;
}

bool Cutter::next_item() {
  if (failed_) return false;
  const char c = peek();
  if (c == ',') {
    ++at_;
    return true;
  }
  if (c == ']') {
    ++at_;
    --depth_;
    return false;
  }
  return fail_here("expected ',' or ']'");
}

void Cutter::run(Step step) {
  while (!failed_ && !stopped_) {
    const std::string_view rest = text();
    const RunScan found = scan_run(rest, spare_depth());
    too_deep_ = too_deep_ || found.too_deep;
    if (found.closed) {
      directive({step, static_cast<std::uint8_t>(depth_), rest.substr(0, found.end), {}});
      at_ += found.end + 1;
      --depth_;
      return;
    }
    if (found.end > 0) {
      directive({step, static_cast<std::uint8_t>(depth_), rest.substr(0, found.end), {}});
      at_ += found.end;
      if (!next_item()) return;
      continue;
    }
    const bool odd = !is_blank_json(rest) && rest.size() > kOddElementLimit && peek() != '{';
    if (!odd && refill(at_)) continue;
    if (source_error_ || stopped_) return;
    // The input ends here: the decoder may find an earlier fault in what there is.
    if (!is_blank_json(rest)) directive({step, static_cast<std::uint8_t>(depth_), text(), {}});
    at_ = current_.size;
    fault(JsonFault::kUnexpectedEnd, "unexpected end of input");
    return;
  }
}

// Bytes of the value at at_ (white space passed), reading on until it is complete; all there is at the end of the input.
std::size_t Cutter::value_end() {
  while (true) {
    const std::string_view rest = text();
    std::size_t end = 0;
    const char first = rest.empty() ? '\0' : rest.front();
    if (first == '{' || first == '[') {
      const ValueScan found = scan_container(rest, spare_depth());
      too_deep_ = too_deep_ || found.too_deep;
      end = found.end;
    } else if (first == '"') {
      std::size_t i = 1;
      while (i < rest.size() && rest[i] != '"') i += rest[i] == '\\' ? 2 : 1;
      end = i < rest.size() ? i + 1 : 0;
    } else {
      std::size_t i = 0;
      while (i < rest.size() && !ends_scalar(rest[i])) ++i;
      end = i < rest.size() ? i : 0;
      if (i == 0 && !rest.empty()) return 0;  // no value begins here
    }
    if (end > 0) return end;
    if (!refill(at_)) return text().size();
  }
}

std::optional<std::string_view> Cutter::take_value() {
  peek();
  if (failed_ || stopped_) return std::nullopt;
  const std::size_t end = value_end();
  if (source_error_ || stopped_ || end == 0) {
    fail_here("expected a value");
    return std::nullopt;
  }
  const std::string_view found = text().substr(0, end);
  at_ += end;
  return found;
}

void Cutter::value(Step step) {
  const std::optional<std::string_view> found = take_value();
  if (found) directive({step, static_cast<std::uint8_t>(depth_), *found, {}});
}

void Cutter::skip() {
  const std::optional<std::string_view> found = take_value();
  if (!found) return;
  const std::uint64_t start = offset() - found->size();
  base::JsonReader reader(*found, scratch_, kMaxDepth, depth_);
  reader.skip();
  if (!reader.failed() && !reader.at_end()) reader.fail(JsonFault::kSyntax, "expected ',' or a closing bracket");
  if (!reader.failed()) return;
  base::JsonError error = reader.error();
  // "tru" before a bracket is wrong, not cut off.
  if (error.fault == JsonFault::kUnexpectedEnd && at_ < current_.size)
    error = {JsonFault::kSyntax, error.offset, "expected a value"};
  fault_at(start + error.offset, error.fault, error.what);
}

}  // namespace sentinel::ingest
