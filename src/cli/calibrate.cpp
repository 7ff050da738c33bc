// `calibrate`: energy factors by service from measured energy (chapter 04 §16).
#include <string>

#include "analysis/run.h"
#include "base/log.h"
#include "base/time.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/overwrite.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "config/file_text.h"
#include "report/calibration_report.h"
#include "score/calibration.h"

namespace sentinel::cli {
namespace {

base::Result<score::EnergyReadings> read_readings(const std::string& path) {
  const auto text = config::read_text_file(path, score::kMaxReadingsBytes);
  base::Error error;
  if (text) {
    auto readings = score::parse_energy_readings(*text);
    if (readings) return readings;
    error = readings.error();
  } else {
    error = text.error();
  }
  error.where = concat({path, error.where.empty() ? "" : ", ", error.where});
  return error;
}

void warn_about(const score::CalibrationResult& result) {
  for (const std::string& service : result.without_traffic)
    base::log_warn("calibrate",
                   concat({"service '", service, "' is left out: the traces have no operation of it while it was measured"}));
  for (const score::CalibratedService& s : result.services) {
    if (s.factor > score::kHighCalibrationFactor) {
      base::log_warn("calibrate",
                     concat({"service '", s.service, "': the factor is above 10; was more measured than this service?"}));
    } else if (s.factor > 0.0 && s.factor < score::kLowCalibrationFactor) {
      base::log_warn("calibrate",
                     concat({"service '", s.service, "': the factor is below 0.1; was the whole service measured?"}));
    }
  }
}

}  // namespace

ExitCode run_calibrate(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (const base::Status kept = keeps_inputs(arguments, {"output"}, {"traces", "measured-energy"}); !kept) {
    return refuse(ExitCode::kUsage, kept.error());
  }
  const std::string traces(arguments.text("traces").value_or(""));
  const std::string readings_path(arguments.text("measured-energy").value_or(""));
  const std::string output(arguments.text("output").value_or(""));
  const auto readings = read_readings(readings_path);
  if (!readings) return refuse(ExitCode::kCannotRun, "cannot read the measured energy", readings.error());
  const analysis::InputOptions input{.path = traces.c_str(), .format = nullptr, .threads = thread_count(arguments)};
  const auto loaded = analysis::load_traces(input, *invocation.config);
  if (!loaded) {
    print_input_error(loaded.error());
    return ExitCode::kCannotRun;
  }
  const analysis::Run& run = **loaded;
  const auto result = score::calibrate(*readings, run.traces.spans, run.symbols);
  if (!result) return refuse(ExitCode::kCannotRun, "cannot calibrate", result.error());
  warn_about(*result);
  if (result->services.empty()) {
    return refuse(ExitCode::kCannotRun, "cannot calibrate",
                  {.what = "no measured service has an operation in the traces while it was measured",
                   .where = {},
                   .hint = "service names have to be those of the traces, and both have to be of the same time, in UTC"});
  }
  write_stderr(report::calibration_summary(*result));
  const base::IsoText at = base::format_iso_ms(base::wall_now_ms());
  const std::string toml = report::calibration_toml(*result, {.traces = traces, .readings = readings_path, .at = at.view()});
  if (const base::Status written = write_file(output, toml); !written)
    return refuse(ExitCode::kCannotRun, "nothing is calibrated", written.error());
  write_stderr(concat({"\nWritten to ", output, "\n"}));
  return ExitCode::kDone;
}

}  // namespace sentinel::cli
