#include "ingest/ingest.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "base/json_reader.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/processor.h"
#include "ingest/decoder.h"
#include "ingest/otlp/protobuf.h"
#include "ingest/resolve.h"
#include "ingest/work_queue.h"

namespace sentinel::ingest {

using base::Error;
using base::JsonFault;
using base::Result;

std::size_t Ingested::events() const {
  std::size_t n = 0;
  for (const auto& batch : batches) n += batch.size();
  return n;
}

void DecodeContext::fault(std::string_view bytes, const base::JsonError& error) {
  if (out.fault) return;
  const char* const end = batch.buffer.get() + batch.size;
  // What ends before the buffer does is complete: "[{}," before a bracket is wrong, not cut off.
  const bool complete = !bytes.empty() && bytes.data() + bytes.size() < end;
  if (error.fault == JsonFault::kUnexpectedEnd && complete)
    return fault(bytes, {JsonFault::kSyntax, error.offset, "expected a value"});
  const std::size_t in_buffer = static_cast<std::size_t>(bytes.data() - batch.buffer.get()) + error.offset;
  const base::TextPosition p = base::position_of({batch.buffer.get(), batch.size}, in_buffer);
  out.fault = {error.fault, batch.offset + in_buffer, batch.line + p.line - 1,
               p.line == 1 ? batch.column + p.column - 1 : p.column, error.what};
}

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Decodes on several threads; results wait in any order for the join.
class Decoding {
 public:
  Decoding(Cutter& cutter, const Format& format, const IngestOptions& options)
      : cutter_(cutter), format_(format), queue_(std::size_t{2} * options.threads) {
    for (unsigned i = 0; i < options.threads; ++i) workers_.push_back(std::make_unique<Worker>(options.settings));
  }

  // Cuts and decodes the whole input.
  void run() {
    cutter_.set_emit([this](Batch&& batch) { take(std::move(batch)); });
    for (unsigned i = 1; i < workers_.size(); ++i) {
      threads_.emplace_back([this, i, here = base::current_processor()] {
        base::leave_processor(here, i);
        work(i);
      });
    }
    format_.cut(cutter_);
    cutter_.finish();
    queue_.close();
    work(0);
    threads_.clear();
    std::ranges::sort(results_, {}, &Decoded::sequence);
  }

  [[nodiscard]] std::vector<Decoded>& results() { return results_; }

  // Moves all texts into one Symbols and the ids of all results with them.
  model::Symbols join(unsigned threads) {
    std::vector<model::Symbols::Remap> remaps(1);
    for (std::size_t i = 1; i < workers_.size(); ++i) {
      remaps.push_back(workers_[0]->symbols.absorb(std::move(workers_[i]->symbols)));
    }
    base::parallel_for(threads, results_.size(), [&](std::size_t i) {
      if (results_[i].worker != 0) apply(remaps[results_[i].worker], results_[i]);
    });
    return std::move(workers_[0]->symbols);
  }

 private:
  void take(Batch&& batch) {
    if (stop_.load(std::memory_order_relaxed)) cutter_.stop();
    if (workers_.size() > 1 && queue_.push(batch)) return;
    decode(0, std::move(batch));
  }

  void work(unsigned worker) {
    while (std::optional<Batch> batch = queue_.pop()) decode(worker, std::move(*batch));
  }

  void decode(unsigned worker, Batch&& batch) {
    Worker& w = *workers_[worker];
    Decoded& out = w.decoded;
    DecodeContext context{w, batch, out};
    for (const Directive& directive : batch.directives) {
      if (out.fault) break;
      if (directive.step == Step::kFault) {
        const std::size_t in_buffer = static_cast<std::size_t>(directive.fault.offset - batch.offset);
        context.fault({batch.buffer.get() + in_buffer, 0}, {directive.fault.fault, 0, directive.fault.what});
      } else {
        format_.decode(context, directive);
      }
    }
    w.scratch.rewind();
    Decoded result = take_exact(out);
    result.sequence = batch.sequence;
    result.worker = worker;
    if (result.fault) stop_ = true;
    cutter_.recycle(std::move(batch));
    const std::lock_guard lock(results_mutex_);
    results_.push_back(std::move(result));
  }

  // A copy without spare capacity; the original is emptied and keeps its memory for the next batch.
  static Decoded take_exact(Decoded& from) {
    Decoded copy = from;
    from.records.clear();
    from.nodes.clear();
    from.dropped.clear();
    from.marks.clear();
    from.resources.clear();
    from.irregularities.clear();
    from.tally = {};
    from.fault.reset();
    return copy;
  }

  static void apply(const model::Symbols::Remap& remap, Decoded& decoded) {
    for (model::SpanRecord& r : decoded.records) remap.apply(r);
    for (SpanNode& n : decoded.nodes) {
      n.trace = remap.texts[n.trace];
      n.scope = remap.texts[n.scope];
      n.inbound = remap.texts[n.inbound];
      n.link = remap.texts[n.link];
      n.code = remap.origins[n.code];
      if (n.has(kNodeIdIsText)) n.span_id = remap.texts[n.span_id];
      if (n.has(kNodeParentIsText)) n.parent_id = remap.texts[n.parent_id];
    }
    for (DroppedSpan& d : decoded.dropped) {
      d.operation = remap.texts[d.operation];
      d.region = remap.texts[d.region];
      d.service = remap.texts[d.service];
      d.grouping = remap.groupings[d.grouping];
    }
    for (ResourceFacts& f : decoded.resources) {
      f.service = remap.texts[f.service];
      f.region = remap.texts[f.region];
      f.grouping = remap.groupings[f.grouping];
    }
    for (Mark& m : decoded.marks) m.scope = remap.texts[m.scope];
  }

  Cutter& cutter_;
  const Format& format_;
  WorkQueue queue_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::jthread> threads_;
  std::atomic<bool> stop_{false};
  std::mutex results_mutex_;
  std::vector<Decoded> results_;
};

Error too_deep(const ByteSource& source) {
  return {"JSON nested deeper than " + std::to_string(kMaxDepth) + " levels is refused", source.name(), ""};
}

// Line and column of a byte of the input, by reading it once more; nothing where that cannot be done.
std::optional<base::TextPosition> position_in(const ByteSource& source, std::uint64_t offset) {
  const std::unique_ptr<ByteSource> again = source.again();
  if (again == nullptr) return std::nullopt;
  base::TextPosition position{1, 1};
  std::string block(Cutter::kBlockSize, '\0');
  while (offset > 0) {
    const Result<std::size_t> n = again->read(block.data(), std::min<std::uint64_t>(block.size(), offset));
    if (!n || *n == 0) return std::nullopt;
    offset -= *n;
    const base::TextPosition in_block = base::position_of({block.data(), *n}, *n);
    position.column = in_block.line == 1 ? position.column + in_block.column - 1 : in_block.column;
    position.line += in_block.line - 1;
  }
  return position;
}

Error parse_error(const ByteSource& source, const Format& format, const DecodeFault& fault) {
  base::TextPosition position{fault.line, fault.column};
  if (source.repeatable()) position = position_in(source, fault.offset).value_or(position);
  return {"invalid " + std::string(format.name) + " input: " + fault.what,
          source.name() + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) + " (byte " +
              std::to_string(fault.offset) + ")",
          ""};
}

// What the faults and irregularities of a document stream amount to: how many batches and spans of it count, or an error.
class Verdict {
 public:
  explicit Verdict(std::vector<Decoded>& results) : results_(results) {}

  // The first fault that refuses the input; nullptr when there is none. A tail cut off after a whole document is dropped.
  const DecodeFault* judge() {
    for (Decoded& batch : results_) {
      collect(batch);
      if (fault_.fault != JsonFault::kNone) return &fault_;
      if (!batch.fault) continue;
      fault_ = *batch.fault;
      const bool cut_tail = fault_.fault == JsonFault::kUnexpectedEnd && documents_ > 0 && !repairs_;
      if (!cut_tail) return &fault_;
      tail_dropped_ = true;
      return nullptr;
    }
    return nullptr;
  }

  [[nodiscard]] bool tail_dropped() const { return tail_dropped_; }

 private:
  // Follows document bounds and irregularities in order: a repeated key is an error unless a repairable shape came first.
  void collect(const Decoded& batch) {
    auto next = batch.irregularities.begin();
    const auto up_to = [&](std::uint64_t offset) {
      for (; next != batch.irregularities.end() && next->offset <= offset; ++next) {
        if (!next->repeated_key) {
          repairs_ = true;
        } else if (!repairs_ && fault_.fault == JsonFault::kNone) {
          fault_ = {JsonFault::kType, next->offset, next->line, next->column, next->what};
        }
      }
    };
    for (const Mark& mark : batch.marks) {
      if (mark.step == Step::kDocumentBegin) {
        up_to(mark.offset);
        repairs_ = false;
      } else if (mark.step == Step::kDocumentEnd) {
        up_to(mark.offset);
        if (fault_.fault != JsonFault::kNone) return;
        ++documents_;
      }
    }
    up_to(batch.fault ? batch.fault->offset : std::numeric_limits<std::uint64_t>::max());
  }

  std::vector<Decoded>& results_;
  DecodeFault fault_;
  std::size_t documents_ = 0;
  bool repairs_ = false;
  bool tail_dropped_ = false;
};

// Removes the spans of the document that is not complete.
void drop_tail(std::vector<Decoded>& results) {
  for (std::size_t i = results.size(); i-- > 0;) {
    Decoded& batch = results[i];
    const auto begin = std::ranges::find_if(batch.marks.rbegin(), batch.marks.rend(),
                                            [](const Mark& m) { return m.step == Step::kDocumentBegin; });
    if (begin == batch.marks.rend()) {
      results.pop_back();
      continue;
    }
    const std::uint32_t kept = begin->node;
    std::size_t records = 0;
    std::size_t dropped = 0;
    for (std::uint32_t n = 0; n < kept; ++n) ++(batch.nodes[n].drop == DropReason::kNone ? records : dropped);
    for (std::size_t n = kept; n < batch.nodes.size(); ++n) uncount(batch.nodes[n], batch, batch.tally);
    batch.nodes.resize(kept);
    batch.records.resize(records);
    batch.dropped.resize(dropped);
    batch.marks.erase(begin.base() - 1, batch.marks.end());
    return;
  }
}

Result<Ingested> ingest_json(ByteSource& source, const IngestOptions& options) {
  Cutter cutter(source, options.block_size);
  if (const base::Status started = cutter.start(); !started) return started.error();
  if (cutter.text().starts_with(kByteOrderMark)) cutter.skip_bytes(kByteOrderMark.size());
  if (cutter.blank_input()) {
    return Error{"the input is empty: the capture or export produced nothing", source.name(), "check what wrote it"};
  }
  if (cutter.source_error()) return *cutter.source_error();
  const Format& format = options.format != nullptr ? *options.format : recognise(cutter.text());

  Decoding decoding(cutter, format, options);
  decoding.run();
  if (cutter.source_error()) return *cutter.source_error();

  Verdict verdict(decoding.results());
  if (const DecodeFault* fault = verdict.judge()) {
    cutter.scan_rest();
    if (cutter.source_error()) return *cutter.source_error();
    if (cutter.too_deep() || fault->fault == JsonFault::kTooDeep) return too_deep(source);
    return parse_error(source, format, *fault);
  }
  if (verdict.tail_dropped()) {
    base::log_warn("ingest", source.name() + ": the last document is cut off and was left out");
    drop_tail(decoding.results());
  }

  Ingested out;
  out.format = &format;
  out.symbols = decoding.join(options.threads);
  model::IngestTally tally;
  for (const Decoded& batch : decoding.results()) tally.add(batch.tally);
  if (format.resolve != ResolveRule::kNone) {
    resolve(decoding.results(), format, out.symbols, options.settings, options.threads, tally, nullptr, &out.context);
  }
  if (format.has_tally) out.tally = tally;
  for (Decoded& batch : decoding.results()) out.batches.push_back(std::move(batch.records));
  return out;
}

}  // namespace

Result<Ingested> ingest(ByteSource& source, const IngestOptions& options) {
  if (options.format == &kOtlpProtobuf) return ingest_protobuf(source, options);
  return ingest_json(source, options);
}

}  // namespace sentinel::ingest
