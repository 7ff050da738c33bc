// What the program's exit status says (chapter 06 §1.4): the one table of exit codes.
#pragma once

namespace sentinel::cli {

enum class ExitCode : int {
  kDone = 0,
  kVerdict = 1,    // the quality gate failed; for terminal views: the terminal cannot be used
  kUsage = 2,      // the command line itself is wrong
  kComment = 3,    // diff: worth a comment, no reason to fail
  kPartial = 2,    // verify-hash: nothing is wrong, yet not everything could be checked
  kInput = 3,      // verify-hash, hash-bake: a document that cannot be read or written
  kNetwork = 4,    // verify-hash: a document that cannot be fetched
  kCannotRun = 75  // input, configuration, fetch or write failure: no verdict at all
};

}  // namespace sentinel::cli
