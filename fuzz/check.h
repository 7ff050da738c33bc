// What a fuzz target holds its subject to.
#pragma once

#include <cstdlib>
#include <iostream>

namespace sentinel::fuzz {

// Ends the target, which makes its input a finding, unless `holds`. `what` tells who reads it what did not.
inline void check(bool holds, const char* what = "a promise was not kept") {
  if (holds) return;
  std::cerr << what << "\n";
  std::abort();
}

}  // namespace sentinel::fuzz
