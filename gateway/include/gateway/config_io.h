// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

namespace gateway {

/// One thing that is wrong with a configuration: where (JSON path such as
/// `routes.smart.targets[2].provider`), what was found, what is allowed, and the nearest valid name where
/// there is one.
struct ConfigProblem {
    enum class Weight : std::uint8_t { Undecided, Error, Warning };
    Weight weight = Weight::Error;
    std::string path;
    std::string message;
    std::size_t line = 0; // 1-based where known, else 0
};

struct ParsedConfig {
    Config config;
    std::vector<ConfigProblem> problems; // the configuration may be used when none weighs Error
    [[nodiscard]] bool usable() const;
};

/// Text → configuration with every problem found. Unknown keys are problems (keys beginning with `x-` are
/// not); what the contract knows but this version cannot do is refused with "not in this version".
[[nodiscard]] ParsedConfig parseConfig(std::string_view text);
/// The problems of a value that did not come from text (a draft in the window); same rules, same paths.
[[nodiscard]] std::vector<ConfigProblem> validate(const Config& config);
/// `config` written over `previousText`: order of keys and the owner's `x-` keys are kept, defaults that were
/// never written stay unwritten.
[[nodiscard]] std::string updateConfigText(std::string_view previousText, const Config& config);

/// A route as the configuration writes it, by itself; and back. The second is empty where the text is no
/// object: what else may be wrong with it shows when it is validated with a configuration.
[[nodiscard]] std::string routeText(const RouteConfig& route);
[[nodiscard]] std::optional<RouteConfig> parseRoute(const RouteId& id, std::string_view text);

/// Reads a file; a missing one is an empty text. Error: unreadable, too large (1 MiB), there but empty.
[[nodiscard]] Result<std::string> readConfigFile(const std::string& path);
/// Atomic: temp file, fsync, rename, fsync of the folder; mode 0600. The text that stood there before goes to
/// `path` + ".bak" when it was valid. Follows no symbolic link when writing the temp file.
[[nodiscard]] Outcome writeConfigFile(const std::string& path, std::string_view text);
/// Makes `path` + ".bak" the copy of a text that was found good, whoever wrote it.
[[nodiscard]] Outcome keepConfigCopy(const std::string& path, std::string_view text);

/// Held while a configuration file is read, changed and written, so that two programs do not lose each
/// other's change. Waits for its turn, which takes milliseconds; where locking is not possible it does
/// nothing.
class ConfigFileLock {
public:
    explicit ConfigFileLock(const std::string& path);
    ConfigFileLock(const ConfigFileLock&) = delete;
    ConfigFileLock& operator=(const ConfigFileLock&) = delete;
    ~ConfigFileLock();

private:
    int m_folder = -1;
};

/// The names that stand for nothing else: kinds of provider and strategies of this version.
[[nodiscard]] std::vector<std::string> providerKinds();
[[nodiscard]] std::vector<std::string> strategyNames();
/// What a budget's `per` may say.
[[nodiscard]] std::vector<std::string> budgetPeriodNames();
[[nodiscard]] std::string_view budgetPeriodName(BudgetPeriod period);
[[nodiscard]] std::optional<BudgetPeriod> budgetPeriod(std::string_view name);
/// What a budget's `at_limit` may say.
[[nodiscard]] std::vector<std::string> atLimitNames();
[[nodiscard]] std::string_view atLimitName(AtLimit rule);
[[nodiscard]] std::optional<AtLimit> atLimit(std::string_view name);
/// The first microsecond since 1970 UTC at which a key is no longer good that says this of its end; nothing:
/// it is good for ever. A date is good till its day is over, in UTC; what cannot be read never was.
[[nodiscard]] std::optional<std::int64_t> expiryMicros(std::string_view end);
/// What a route's `fallbacks` may name: "context_length", ….
[[nodiscard]] std::vector<std::string> failureKinds();

} // namespace gateway
