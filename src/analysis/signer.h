// Signatures of many findings: the hash of a template is worked out once, and so is a signature (chapter 03 §7).
//
// Findings are told apart by the places of their texts, so every text must stay where it is while the signer is used. One
// thread.
#pragma once

#include <memory>
#include <span>

#include "base/arena.h"
#include "model/finding.h"

namespace sentinel::analysis {

class Signer {
 public:
  Signer();
  ~Signer();
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  // Sets the signatures; they live as long as the signer, or as what texts() gave.
  void sign(std::span<model::Finding> findings);

  // Takes the signatures out of the signer, which is of no use any more.
  [[nodiscard]] base::Arena texts() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sentinel::analysis
