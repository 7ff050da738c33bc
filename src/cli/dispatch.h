// From argv to exit status: parses, provides what the subcommand needs first, runs it (chapter 06 §1).
//
// Nothing is set up before the command line is understood, so that --version and --help cost nothing. Called once, by main().
#pragma once

namespace sentinel::cli {

[[nodiscard]] int dispatch(int argc, const char* const* argv);

}  // namespace sentinel::cli
