// The data set of `demo`: fourteen traces (130 events) of an invented bicycle-sharing company (chapter 06 §5), made so that
// every finding type of 03 §3.4 fires, three regions carry different loads and one problem recurs in two deployments.
//
// Pure function, any thread. The tables it is written from stand in demo_data.cpp.
#pragma once

#include <string>

namespace sentinel::cli {

// The events as a native JSON array (01 §1.1), the same text at every call.
[[nodiscard]] std::string demo_traces_json();

}  // namespace sentinel::cli
