#include "cli/parser.h"

#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "cli/table/command_walk.h"

namespace sentinel::cli {
namespace {

TEST(Parser, TakesValuesInEveryForm) {
  EXPECT_EQ(outcome("analyze"), "run analyze:");
  for (const char* line : {"analyze --input a", "analyze --input=a", "analyze -i a", "analyze -ia", "analyze -i=a"}) {
    EXPECT_EQ(outcome(line), "run analyze: --input=a") << line;
  }
  EXPECT_EQ(outcome("analyze --ci --format json --input -"), "run analyze: --ci --format=json --input=-");
  EXPECT_EQ(outcome("analyze --input=-x"), "run analyze: --input=-x");
  EXPECT_EQ(outcome("analyze --input=a=b"), "run analyze: --input=a=b");
  EXPECT_EQ(outcome("explain -i a --trace-id ''"), "run explain: --input=a --trace-id=");
}

TEST(Parser, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(outcome("analyze --colour"), "error: unknown flag '--colour'");
  EXPECT_EQ(outcome("analyze --inp a"), "error: unknown flag '--inp'");
  EXPECT_EQ(outcome("analyze --é"), "error: unknown flag '--é'");
  EXPECT_EQ(outcome("analyze -x"), "error: unknown flag '-x'");
  EXPECT_EQ(outcome("analyze file.json"), "error: unexpected argument 'file.json'");
  EXPECT_EQ(outcome("analyze -- x"), "error: unexpected argument 'x'");
  EXPECT_EQ(outcome("analyze --"), "run analyze:");
  EXPECT_EQ(outcome("analyze --version"), "error: unknown flag '--version'");
  EXPECT_EQ(outcome("analyse"), "error: unknown subcommand 'analyse'");
  EXPECT_EQ(outcome("''"), "error: unknown subcommand ''");
  EXPECT_EQ(outcome("-- analyze"), "error: unexpected argument 'analyze'");
  EXPECT_EQ(outcome("query nope"), "error: unknown subcommand 'nope'");
}

TEST(Parser, RefusesMissingEmptyAndSurplusValues) {
  EXPECT_EQ(outcome("analyze --input"), "error: '--input <PATH>' needs a value");
  EXPECT_EQ(outcome("analyze --input --ci"), "error: '--input <PATH>' needs a value");
  EXPECT_EQ(outcome("analyze --input="), "error: '--input <PATH>' needs a value that is not empty");
  EXPECT_EQ(outcome("analyze --input ''"), "error: '--input <PATH>' needs a value that is not empty");
  EXPECT_EQ(outcome("analyze --ci=true"), "error: '--ci' takes no value");
  EXPECT_EQ(outcome("analyze --help=x"), "error: '--help' takes no value");
  EXPECT_EQ(outcome("analyze --input a --input a"), "error: '--input <PATH>' is given more than once");
  EXPECT_EQ(outcome("analyze -c a --config b"), "error: '--config <PATH>' is given more than once");
  EXPECT_EQ(outcome("analyze --ci --ci"), "error: '--ci' is given more than once");
}

TEST(Parser, MatchesEnumValuesExactly) {
  EXPECT_EQ(outcome("explain -i a --trace-id t --format xml"),
            "error: invalid value 'xml' for '--format <FORMAT>'; possible values: text, json");
  EXPECT_EQ(outcome("explain -i a --trace-id t --format JSON"),
            "error: invalid value 'JSON' for '--format <FORMAT>'; possible values: text, json");
  EXPECT_EQ(outcome("explain -i a --trace-id t --format="),
            "error: invalid value '' for '--format <FORMAT>'; possible values: text, json");
  EXPECT_EQ(outcome("completions csh"),
            "error: invalid value 'csh' for '<SHELL>'; possible values: bash, zsh, fish, powershell, elvish");
  EXPECT_EQ(outcome("completions zsh"), "run completions: zsh");
  EXPECT_EQ(outcome("completions zsh bash"), "error: unexpected argument 'bash'");
}

TEST(Parser, TakesNamedFilesAndNamesWhatIsWrongWithThem) {
  EXPECT_EQ(outcome("analyze --output json=a=b --output sarif=c"), "run analyze: --output=json=a=b --output=sarif=c");
  EXPECT_EQ(outcome("analyze --output json=a sarif=c --ci"), "run analyze: --output=json=a --output=sarif=c --ci");
  const std::string flag = "'--output <FORMAT=FILE>'";
  EXPECT_EQ(outcome("analyze --output json"), "error: invalid value 'json' for " + flag + ": no file after 'json='");
  EXPECT_EQ(outcome("analyze --output json="), "error: invalid value 'json=' for " + flag + ": no file after 'json='");
  EXPECT_EQ(outcome("analyze --output xml=a").find("error: invalid value 'xml' for " + flag + "; possible values: text, "), 0u);
  EXPECT_EQ(outcome("analyze --output =a").find("error: invalid value '' for " + flag), 0u);
  EXPECT_EQ(outcome("analyze --output json=a --tui"), "error: '--tui' cannot be used with '" + flag.substr(1));
}

TEST(Parser, HoldsNumbersToTheirRange) {
  EXPECT_EQ(outcome("analyze --threads 0"), "error: invalid value '0' for '--threads <N>': not within 1 to 256");
  EXPECT_EQ(outcome("analyze --threads 1"), "run analyze: --threads=1");
  EXPECT_EQ(outcome("analyze --threads 256"), "run analyze: --threads=256");
  EXPECT_EQ(outcome("analyze --threads 257"), "error: invalid value '257' for '--threads <N>': not within 1 to 256");
  EXPECT_EQ(outcome("analyze --threads 1.5"), "error: invalid value '1.5' for '--threads <N>': not a whole number");
  EXPECT_EQ(outcome("analyze --threads=-1"), "error: invalid value '-1' for '--threads <N>': not a whole number");
  EXPECT_EQ(outcome("analyze --threads="), "error: invalid value '' for '--threads <N>': not a whole number");
  EXPECT_EQ(outcome("bench --iterations 0"), "error: invalid value '0' for '--iterations <N>': not within 1 to 4294967295");
  EXPECT_EQ(outcome("bench --synthetic-events 0"),
            "error: invalid value '0' for '--synthetic-events <N>': not within 1 to 100000000");
  EXPECT_EQ(outcome("watch --listen-port-http 70000"),
            "error: invalid value '70000' for '--listen-port-http <PORT>': not within 0 to 65535");
  EXPECT_EQ(outcome("tempo --endpoint x --max-traces 18446744073709551616"),
            "error: invalid value '18446744073709551616' for '--max-traces <N>': not within 0 to 18446744073709551615");
  const Outcome plus("bench --synthetic-events +7");
  EXPECT_EQ(plus.parsed.arguments.number("synthetic-events"), 7u);
}

TEST(Parser, ReadsLeftToRight) {
  EXPECT_EQ(outcome("analyze --help --nope"), "long help: analyze");
  EXPECT_EQ(outcome("analyze --nope --help"), "error: unknown flag '--nope'");
  EXPECT_EQ(outcome("analyze --tui --ci -h"), "short help: analyze") << "conflicts are looked at last";
  EXPECT_EQ(outcome("--version analyze"), "version");
  EXPECT_EQ(outcome("-V"), "version");
  EXPECT_EQ(outcome("-h"), "short help: ");
}

TEST(Parser, ExplainsEverySubcommandByHelp) {
  EXPECT_EQ(outcome("help"), "long help: ");
  EXPECT_EQ(outcome("help help"), "long help: ");
  EXPECT_EQ(outcome("help analyze"), "long help: analyze");
  EXPECT_EQ(outcome("help ack create"), "long help: ack create");
  EXPECT_EQ(outcome("ack help create"), "long help: ack create");
  EXPECT_EQ(outcome("query help"), "long help: query");
  EXPECT_EQ(outcome("help nope"), "error: unknown subcommand 'nope'");
  EXPECT_EQ(outcome("help analyze more"), "error: unexpected argument 'more'");
}

TEST(Parser, AsksForAnAction) {
  EXPECT_EQ(outcome(""), "no action: ");
  EXPECT_EQ(outcome("ack"), "no action: ack");
  EXPECT_EQ(outcome("query --daemon x"), "no action: query");
  EXPECT_EQ(outcome("query --daemon x status"), "run query status: --daemon=x");
  EXPECT_EQ(outcome("query status --daemon x"), "error: unknown flag '--daemon'") << "it stands before the action";
}

TEST(Parser, RefusesFlagsThatExcludeEachOther) {
  EXPECT_EQ(outcome("analyze --tui --ci"), "error: '--tui' cannot be used with '--ci'");
  EXPECT_EQ(outcome("analyze --format json --tui"), "error: '--tui' cannot be used with '--format <FORMAT>'");
  EXPECT_EQ(outcome("bench --synthetic-events 5 -i a"), "error: '--input <PATH>' cannot be used with '--synthetic-events <N>'");
  EXPECT_EQ(outcome("verify-hash --no-identity-check --expected-issuer x"),
            "error: '--no-identity-check' cannot be used with '--expected-issuer <URL>'");
}

TEST(Parser, WantsCompanionsUnlessExcused) {
  EXPECT_EQ(outcome("bench --seed 5"), "error: '--seed <N>' needs '--synthetic-events <N>' beside it");
  EXPECT_EQ(outcome("bench --seed 5 --input a"), "run bench: --seed=5 --input=a");
  EXPECT_EQ(outcome("report -o x --pg-stat-auth-header A:b"),
            "error: '--pg-stat-auth-header <HEADER>' needs '--pg-stat-prometheus <URL>' beside it");
  EXPECT_EQ(outcome("report -o x --mysql-stat-top 5"), "error: '--mysql-stat-top <N>' needs '--mysql-stat <PATH>' beside it");
}

TEST(Parser, NamesWhatIsMissing) {
  EXPECT_NE(Outcome("explain").parsed.error.find("not given:\n  --input <PATH>\n  --trace-id <ID>\n"), std::string::npos);
  EXPECT_EQ(outcome("explain -i a"), "error: these are required but were not given:");
  EXPECT_EQ(outcome("completions"), "error: these are required but were not given:");
  EXPECT_EQ(outcome("disclose --tui --input a --org-config b"), "run disclose: --tui --input=a --org-config=b");
}

TEST(Parser, KeepsRepeatedValuesAndTheWrappedCommand) {
  EXPECT_EQ(outcome("disclose --tui --input a b --input=c --org-config o"),
            "run disclose: --tui --input=a --input=b --input=c --org-config=o");
  EXPECT_EQ(outcome("capture -o x -- run --help --nope"), "run capture: --output=x -- run --help --nope");
  EXPECT_EQ(outcome("capture -o x true"), "error: unexpected argument 'true'");
}

TEST(Parser, FallsBackToTheEnvironmentThenToTheTable) {
  const Outcome typed("analyze --threads 3", {{"PERF_SENTINEL_THREADS", "5"}});
  EXPECT_EQ(typed.parsed.arguments.number("threads"), 3u);
  const Outcome variable("analyze", {{"PERF_SENTINEL_THREADS", "5"}});
  EXPECT_EQ(variable.parsed.arguments.number("threads"), 5u);
  EXPECT_FALSE(variable.parsed.arguments.typed("threads"));
  EXPECT_EQ(Outcome("analyze").parsed.arguments.number("threads"), std::nullopt);
  EXPECT_EQ(Outcome("analyze", {{"PERF_SENTINEL_THREADS", ""}}).parsed.arguments.number("threads"), std::nullopt);
  EXPECT_EQ(outcome("analyze", {{"PERF_SENTINEL_THREADS", "257"}}),
            "error: invalid value '257' for 'PERF_SENTINEL_THREADS': not within 1 to 256");
  EXPECT_EQ(Outcome("bench").parsed.arguments.number("iterations"), 10u);
  EXPECT_EQ(Outcome("analyze").parsed.arguments.text("input"), std::nullopt) << "its fallback is only described";
  EXPECT_EQ(Outcome("ack list", {{"PERF_SENTINEL_DAEMON_URL", ""}}).parsed.arguments.text("daemon"), "");
}

TEST(Parser, GivesTips) {
  const auto tip = [](std::string_view line) {
    const std::string error = Outcome(line).parsed.error;
    const std::size_t at = error.find("  tip: ");
    return at == std::string::npos ? "" : error.substr(at + 7, error.find('\n', at) - at - 7);
  };
  EXPECT_EQ(tip("analyse"), "a similar subcommand exists: 'analyze'");
  EXPECT_EQ(tip("analyze --inptu a"), "a similar flag exists: '--input'");
  EXPECT_EQ(tip("analyze --inp a"), "a similar flag exists: '--input'");
  EXPECT_EQ(tip("analyze --format jsno"), "a similar value exists: 'json'");
  EXPECT_EQ(tip("analyze trace.json"), "a file is given with '--input trace.json'");
  EXPECT_EQ(tip("tempo --endpoint x --lookback -1h"), "a value that begins with '-' is written '--lookback=-1h'");
  EXPECT_EQ(tip("analyze --quux"), "");
}

TEST(Parser, ShowsUsageAfterAnErrorAndKeepsItSafeForTheTerminal) {
  EXPECT_EQ(Outcome("demo \033[31m").parsed.error,
            "error: unexpected argument '?[31m'\n\nUsage: perf-sentinel demo [OPTIONS]\n\n"
            "For more information, try 'perf-sentinel demo --help'.\n");
}

// -- the table itself

template <class F>
void each_row(F f) {
  const auto visit = [&](const auto& self, const Command& command) -> void {
    f(command);
    for (const Command* action : command.actions) self(self, *action);
  };
  visit(visit, kProgram);
}

TEST(Table, NamesEachFlagOnceAndRefersOnlyToFlagsThatExist) {
  each_row([](const Command& command) {
    for (const Flag& flag : command.flags) {
      int names = 0, letters = 0;
      for (const Flag& other : command.flags) {
        names += other.name == flag.name ? 1 : 0;
        letters += flag.letter != 0 && other.letter == flag.letter ? 1 : 0;
      }
      EXPECT_EQ(names, 1) << command.name << ' ' << flag.name;
      EXPECT_LE(letters, 1) << command.name << ' ' << flag.name;
      const std::string links = std::string(flag.conflicts) + " " + std::string(flag.needs) + " " +
                                std::string(flag.needs_unless) + " " + std::string(flag.required_unless);
      each_word(links, [&](std::string_view word) {
        bool found = word.empty();
        for (const Flag& other : command.flags) found = found || other.name == word;
        EXPECT_TRUE(found) << command.name << " --" << flag.name << " names --" << word;
      });
    }
  });
}

TEST(Table, SaysWhatEveryRowIs) {
  each_row([](const Command& command) {
    EXPECT_FALSE(command.about.empty()) << command.name;
    EXPECT_FALSE(command.about.ends_with('.')) << command.name;
    EXPECT_TRUE(!command.available || command.run != nullptr || !command.actions.empty()) << command.name;
    for (const Flag& flag : command.flags) {
      EXPECT_FALSE(flag.help.empty() || flag.help.ends_with('.')) << command.name << ' ' << flag.name;
      EXPECT_EQ(flag.kind == ValueKind::kSwitch, flag.value_name.empty()) << command.name << ' ' << flag.name;
      const bool has_choices = flag.kind == ValueKind::kChoice || flag.kind == ValueKind::kNamedPath;
      EXPECT_EQ(has_choices, !flag.choices.empty()) << command.name << ' ' << flag.name;
      if (flag.kind == ValueKind::kChoice && !flag.fallback.empty() && !flag.computed_fallback) {
        EXPECT_TRUE(has_word(flag.choices, flag.fallback)) << command.name << ' ' << flag.name;
      }
    }
  });
}

TEST(Table, KeepsTheOrderOfHelp) {
  std::string order;
  for (const Command* command : kProgram.actions) order += std::string(command->name) + " ";
  EXPECT_EQ(order,
            "analyze watch capture demo explain bench inspect tempo jaeger-query calibrate pg-stat mysql-stat query ack report "
            "diff completions man disclose verify-hash hash-bake rehearse validate healthcheck version ");
}

}  // namespace
}  // namespace sentinel::cli
