#include "ingest/frames.h"

#include <string_view>

#include "ingest/code_frame.h"

namespace sentinel::ingest {

void Frames::complete(model::Symbols& symbols, const IngestSettings& settings) {
  const auto part = [&](base::TextId text) { return text == base::kNoText ? std::string_view() : symbols.text(text); };
  for (auto id = static_cast<model::OriginId>(frames_.size()); id < symbols.origins(); ++id) {
    const model::Origin& o = symbols.origin(id);
    Frame& frame = frames_.emplace_back();
    if (o.frame != base::kNoText) {
      frame.endpoint = o.frame == base::kEmptyText ? base::kNoText : o.frame;
      frame.own = true;
    } else if (usable_frame(part(o.code_namespace), part(o.function), text_)) {
      if (!builder_) builder_.emplace(symbols, settings);
      frame.endpoint = builder_->endpoint(text_);
    }
  }
}

}  // namespace sentinel::ingest
