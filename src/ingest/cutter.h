// Walks the outer structure of a JSON input and cuts it into batches for the decoders (batch.h).
//
// The input is read in blocks; only the value being cut has to fit into memory. Elements are found by their quotes and brackets
// alone (json_scan.h), so that cutting is many times faster than decoding; decoders validate what they get. The spines below
// (native, Zipkin, Jaeger, OTLP) say which arrays are cut. Wrong structure becomes a kFault directive in its place, after
// which nothing more is cut. One thread, but recycle() may be called from any.
//
// Spec: chapter 01 §4.1-4.2, §8.2 (document streams).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ingest/batch.h"
#include "ingest/byte_source.h"
#include "ingest/json_scan.h"

namespace sentinel::ingest {

class Cutter {
 public:
  using Emit = std::function<void(Batch&&)>;

  static constexpr std::size_t kBlockSize = std::size_t{256} << 10;

  explicit Cutter(ByteSource& source, std::size_t block_size = kBlockSize) : source_(source), block_size_(block_size) {}

  // Reads the first block. `text()` is then what format recognition may look at.
  [[nodiscard]] base::Status start();
  [[nodiscard]] std::string_view text() const { return {current_.buffer.get() + at_, current_.size - at_}; }
  void skip_bytes(std::size_t count) { at_ += count; }  // a byte-order mark
  // True when the input holds nothing but ASCII white space. Reads on as long as that is so.
  [[nodiscard]] bool blank_input();

  void set_emit(Emit emit) { emit_ = std::move(emit); }

  // -- the outer structure; each answers false after a fault

  char peek();          // first byte after white space; '\0' at the end of the input or after a fault
  bool at_input_end();  // nothing but white space is left, or cutting has ended
  bool enter_object();
  bool next_member();
  [[nodiscard]] const std::string& key() const { return key_; }
  bool enter_array();
  bool next_item();

  // Inside an array (after enter_array() or next_item() said true): everything up to its ']' as directives of runs.
  void run(Step step);

  // The next value as one directive.
  void value(Step step);
  // The next value's text; valid until the next call. Decoding it is the caller's.
  std::optional<std::string_view> take_value();
  // Checks and passes over the next value.
  void skip();

  void mark(Step step) { directive({step, static_cast<std::uint8_t>(depth_), {}, {base::JsonFault::kNone, offset(), ""}}); }
  void fault(base::JsonFault fault, const char* what) { fault_at(offset(), fault, what); }
  void fault_at(std::uint64_t offset, base::JsonFault fault, const char* what);

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::uint64_t offset() const { return current_.offset + at_; }  // of the next byte
  void stop() { stopped_ = true; }                                              // a decoder found an error: cut no further

  // Hands out what is left. After it: source_error() and too_deep() tell what the whole input showed.
  void finish();
  // After finish() and an error: reads the rest of the input for its size and its nesting (01 §4.1: both outrank a parse
  // error).
  void scan_rest();
  [[nodiscard]] const std::optional<base::Error>& source_error() const { return source_error_; }
  [[nodiscard]] bool too_deep() const { return too_deep_; }

  void recycle(Batch&& batch);

 private:
  bool refill(std::size_t keep_from);
  void flush(std::size_t consumed);
  void directive(Directive d) { current_.directives.push_back(d); }
  [[nodiscard]] unsigned spare_depth() const { return kMaxDepth > depth_ ? kMaxDepth - depth_ : 0; }
  std::size_t value_end();
  bool read_key();
  bool open(char bracket, const char* what);
  bool ends_inside_scalar();
  bool fail_here(const char* what);
  Batch fresh_batch(std::size_t capacity);

  ByteSource& source_;
  std::size_t block_size_;
  Emit emit_;
  Batch current_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
  bool ended_ = false;
  bool failed_ = false;
  bool stopped_ = false;
  bool too_deep_ = false;
  DepthScan rest_;  // of what is not cut any more
  std::optional<base::Error> source_error_;
  std::string key_;
  base::Arena scratch_;

  std::mutex spare_mutex_;
  std::vector<Batch> spare_;
};

// The spines: each walks one whole input.
void cut_array(Cutter& cutter);      // native events, Zipkin spans
void cut_jaeger(Cutter& cutter);     // the traces of "data"
void cut_otlp_json(Cutter& cutter);  // a stream of documents with "resourceSpans"

}  // namespace sentinel::ingest
