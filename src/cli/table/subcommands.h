// The rows of the command table by name, for the files that define them and the one that orders them.
#pragma once

#include "cli/table/command.h"

namespace sentinel::cli {

// commands_batch.cpp: one run over files
extern const Command kAnalyze, kDemo, kExplain, kBench, kInspect, kReport, kDiff, kRehearse;
// commands_fetch.cpp: other sources of traces and statistics
extern const Command kTempo, kJaegerQuery, kCalibrate, kPgStat, kMysqlStat;
// commands_daemon.cpp: the daemon, its recorder and its clients
extern const Command kWatch, kHealthcheck, kCapture, kQuery, kAck;
// commands_disclosure.cpp
extern const Command kDisclose, kVerifyHash, kHashBake;
// commands_self.cpp: about the program itself
extern const Command kCompletions, kMan, kValidate, kVersion;

}  // namespace sentinel::cli
