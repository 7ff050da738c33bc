#include "config/config.h"

namespace sentinel::config {

DaemonConfig::DaemonConfig() = default;
DaemonConfig::DaemonConfig(const DaemonConfig& other) = default;
DaemonConfig::DaemonConfig(DaemonConfig&& other) noexcept = default;
DaemonConfig& DaemonConfig::operator=(const DaemonConfig& other) = default;
DaemonConfig& DaemonConfig::operator=(DaemonConfig&& other) noexcept = default;
DaemonConfig::~DaemonConfig() = default;

GreenConfig::GreenConfig() = default;
GreenConfig::GreenConfig(const GreenConfig& other) = default;
GreenConfig::GreenConfig(GreenConfig&& other) noexcept = default;
GreenConfig& GreenConfig::operator=(const GreenConfig& other) = default;
GreenConfig& GreenConfig::operator=(GreenConfig&& other) noexcept = default;
GreenConfig::~GreenConfig() = default;

Config::Config() = default;
Config::Config(const Config& other) = default;
Config::Config(Config&& other) noexcept = default;
Config& Config::operator=(const Config& other) = default;
Config& Config::operator=(Config&& other) noexcept = default;
Config::~Config() = default;

}  // namespace sentinel::config
