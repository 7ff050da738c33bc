// PowerShell and elvish: both look words and values up in tables that the script carries.
#include "cli/texts/completion_parts.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

struct TableSyntax {
  std::string_view entry_start, entry_middle, entry_end;  // around key and words
  std::string_view word_start, word_end;                  // around one word
};

struct Tables {
  std::string words;   // "ack create" -> what may follow
  std::string values;  // "ack create --output" -> its choices; other values have an empty list
};

Tables tables(const Command& program, const TableSyntax& syntax) {
  Tables out;
  const auto entry = [&](std::string_view key, std::string_view words) {
    std::string list;
    each_word(words, [&](std::string_view w) { list += concat({syntax.word_start, escape_quotes(w, "''"), syntax.word_end}); });
    return concat({syntax.entry_start, key, syntax.entry_middle, list, syntax.entry_end});
  };
  each_command({&program}, [&](const CommandPath& path) {
    const std::string key = key_of(path, ' ');
    out.words += entry(key, words_after(path));
    each_flag(*path.back(), [&](const Flag& flag) {
      if (flag.kind == ValueKind::kSwitch) return;
      out.values += entry(concat({key, " --", flag.name}), flag.choices);
      if (flag.letter != 0) out.values += entry(concat({key, " ", short_form(flag)}), flag.choices);
    });
  });
  return out;
}

constexpr std::string_view kPowershellHead = R"(# PowerShell completion for perf-sentinel
Register-ArgumentCompleter -Native -CommandName 'perf-sentinel' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
)";
constexpr std::string_view kPowershellMiddle = R"(  }
  $values = @{
)";
constexpr std::string_view kPowershellTail = R"(  }
  $path = ''
  $previous = ''
  foreach ($element in @($commandAst.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $word = $element.ToString()
    $previous = $word
    $longer = ("$path $word").Trim()
    if ($words.ContainsKey($longer)) { $path = $longer }
  }
  $candidates = $words[$path]
  $key = "$path $previous"
  if ($values.ContainsKey($key)) { $candidates = $values[$key] }
  $candidates | Where-Object { $_ -and $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
)";

constexpr std::string_view kElvishHead = R"(# elvish completion for perf-sentinel
use str
var perf-sentinel-words = [
)";
constexpr std::string_view kElvishMiddle = R"(]
var perf-sentinel-values = [
)";
constexpr std::string_view kElvishTail = R"(]
set edit:completion:arg-completer[perf-sentinel] = {|@words|
  var path = ''
  var previous = ''
  for word $words[1..-1] {
    set previous = $word
    var longer = (str:trim-space $path' '$word)
    if (has-key $perf-sentinel-words $longer) { set path = $longer }
  }
  var key = $path' '$previous
  if (not (has-key $perf-sentinel-values $key)) {
    all $perf-sentinel-words[$path]
  } elif (== 0 (count $perf-sentinel-values[$key])) {
    edit:complete-filename $words[-1]
  } else {
    all $perf-sentinel-values[$key]
  }
}
)";

}  // namespace

std::string powershell_script(const Command& program) {
  const Tables t =
      tables(program,
             {.entry_start = "    '", .entry_middle = "' = @(", .entry_end = "$null)\n", .word_start = "'", .word_end = "', "});
  return concat({kPowershellHead, t.words, kPowershellMiddle, t.values, kPowershellTail});
}

std::string elvish_script(const Command& program) {
  const Tables t =
      tables(program, {.entry_start = "  &'", .entry_middle = "'=[", .entry_end = "]\n", .word_start = "'", .word_end = "' "});
  return concat({kElvishHead, t.words, kElvishMiddle, t.values, kElvishTail});
}

}  // namespace sentinel::cli
