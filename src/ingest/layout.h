// Which document, resource block and scope each decoded span belongs to: what the marks of the batches say (decoded.h).
//
// Read for one input at a time, by one thread; the memory is kept for the next, which for requests is much the same. References
// into it stay valid until then.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ingest/decoded.h"
#include "ingest/document.h"
#include "ingest/format.h"

namespace sentinel::ingest {

class Layout {
 public:
  // Of batches in input order, each to the end of its last whole document. `no_service` is the service of blocks without one.
  void read(std::span<const Decoded> batches, const Format& format, TextId no_service);

  // Tells each span its block and scope.
  void number_spans(std::span<Decoded> batches, unsigned threads);

  // Spans past the cap of a block's attribute cache that do not count in the usable ratio after all (01 §8.8). Once they are
  // numbered.
  [[nodiscard]] std::uint64_t uncounted_urls(std::span<const Decoded> batches) const;

  [[nodiscard]] const std::vector<Document>& documents() const { return documents_; }
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  // Some span of the document has links.
  [[nodiscard]] bool has_links(const Document& document) const;
  // The flags that nodes of each batch have (NodeFlag), once they are numbered.
  [[nodiscard]] std::span<const unsigned> flags() const { return flags_; }

 private:
  struct Segment {
    std::uint32_t first = 0;  // node from which it holds
    std::uint32_t block = 0;
    std::uint32_t scope = 0;  // index into scope_names_
    std::uint32_t urls = 0;   // spans with kNodeHttpUrl
  };
  [[nodiscard]] std::size_t end_of(std::size_t batch, std::size_t segment, const Decoded& decoded) const;
  void begin(std::size_t batches);
  void read_batch(const Decoded& batch, std::uint32_t b, TextId no_service);

  std::vector<Document> documents_;
  std::vector<Block> blocks_;
  std::vector<std::vector<Segment>> segments_;  // by batch
  std::vector<TextId> scope_names_;
  std::vector<unsigned> flags_;  // by batch
  // Where the marks have led.
  std::uint32_t scope_ = 0;
  bool in_block_ = false;
};

}  // namespace sentinel::ingest
