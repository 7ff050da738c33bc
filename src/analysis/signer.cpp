#include "analysis/signer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/index_table.h"
#include "detect/signature.h"

namespace sentinel::analysis {
namespace {

// What a signature is made of, by place: texts of findings are interned, so that equal ones mostly stand at one place.
struct KnownSignature {
  model::FindingType type;
  const char* service;
  const char* endpoint;
  const char* template_text;
  std::string_view signature;

  friend bool operator==(const KnownSignature& a, const KnownSignature& b) {
    return a.type == b.type && a.service == b.service && a.endpoint == b.endpoint && a.template_text == b.template_text;
  }
  [[nodiscard]] std::uint64_t hash() const {
    const auto place = [](const char* p) { return reinterpret_cast<std::uintptr_t>(p); };
    return base::spread(place(template_text) + static_cast<std::uint64_t>(type)) ^ base::spread(place(service)) * 3 ^
           base::spread(place(endpoint)) * 5;
  }
};

}  // namespace

struct Signer::State {
  base::Arena arena;
  std::vector<KnownSignature> known;
  base::IndexTable numbers;                             // -> index into known
  std::size_t room = 0;                                 // of numbers
  std::unordered_map<const char*, std::string> hashes;  // by template

  void make_room(std::size_t more) {
    if (known.size() + more <= room) return;
    room = (known.size() + more) * 2;
    numbers.reset(room);
    const base::IndexTable::Handle table = numbers.handle();
    for (std::uint32_t n = 0; n < known.size(); ++n) table.find_or_add(known[n].hash(), n, [](std::uint32_t) { return false; });
  }
};

Signer::Signer() : state_(std::make_unique<State>()) {}
Signer::~Signer() = default;

void Signer::sign(std::span<model::Finding> findings) {
  State& s = *state_;
  s.make_room(findings.size());
  const base::IndexTable::Handle table = s.numbers.handle();
  for (model::Finding& f : findings) {
    const KnownSignature parts{f.type, f.service.data(), f.source_endpoint.data(), f.pattern.template_text.data(), {}};
    const auto fresh = static_cast<std::uint32_t>(s.known.size());
    const std::uint32_t number = table.find_or_add(parts.hash(), fresh, [&](std::uint32_t n) { return s.known[n] == parts; });
    if (number == fresh) {
      std::string& hash = s.hashes[f.pattern.template_text.data()];
      if (hash.empty()) hash = detect::template_hash(f.pattern.template_text);
      s.known.push_back(parts);
      s.known.back().signature = s.arena.copy(detect::signature_with_hash(f.type, f.service, f.source_endpoint, hash));
    }
    f.signature = s.known[number].signature;
  }
}

base::Arena Signer::texts() && { return std::move(state_->arena); }

}  // namespace sentinel::analysis
