// The ingest maps called hosts to regions before scoring; rooms below do not see it, so the tests of scoring borrow the rule.
#include "../../../src/normalize/peer_host.cpp"  // NOLINT(bugprone-suspicious-include)
