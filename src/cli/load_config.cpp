#include "cli/load_config.h"

#include "score/grid_data.h"

namespace sentinel::cli {

config::LoadOptions config_options(const Arguments& arguments) {
  config::LoadOptions options;
  if (const auto path = arguments.text("config")) options.path = std::string(*path);
  options.facts = {.is_known_region = score::is_known_region,
                   .annual_intensity = score::annual_intensity,
                   .is_known_instance_type = score::is_known_instance_type};
  return options;
}

base::Result<config::Loaded> load_config(const Arguments& arguments) { return config::load(config_options(arguments)); }

}  // namespace sentinel::cli
