// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "gateway/gateway.h"

#include "base/json_text.h"
#include "config/json_tree.h"
#include "engine/config_file.h"
#include "engine/mailbox.h"
#include "log_store/log_store.h"
#include "pipeline/admin_desk.h"
#include "pipeline/runtime.h"

namespace gateway::engine {

/// Answers the administration (/admin/v1). Owner's thread but for ask(); what waits for the disk or takes its
/// time goes to the files' thread and comes back. A change of the configuration is made in the file as it
/// stands, while no other program changes it, and is in force before its answer is given.
class AdminDesk : public pipeline::AdminDesk {
public:
    using Call = pipeline::AdminCall;
    using Answer = pipeline::AdminAnswer;
    using Done = std::function<void(Answer)>;

    /// What it works with; all of it outlives the desk's last call.
    struct Means {
        Gateway& door;
        Mailbox& mailbox;
        ConfigFile& file;
        boost::asio::thread_pool& files;
        log_store::LogStore& log;
        const pipeline::Shared& shared;
        /// Puts a configuration in force that was written to the file.
        std::function<void(std::string text, std::shared_ptr<const Config> config,
                           std::vector<ConfigProblem> warnings)>
            adopt;
        std::function<std::vector<BudgetState>()> budgets;
        std::function<ProviderHealth(const ProviderConfig&)> health;
        /// How many models a provider is known to have by its configuration or its own list.
        std::function<std::size_t(const ProviderConfig&)> models;
    };

    explicit AdminDesk(Means means) : m_means(std::move(means)) {}

    void ask(Call call, Done done) override;

private:
    /// A change of the configuration's text.
    struct Change {
        std::string ifMatch;   // empty: whatever stands there
        bool replaces = false; // all of it: with `*`, even what cannot be read
        /// On the files' thread. An answer refuses.
        std::function<std::optional<Answer>(std::string& text)> edit;
        /// Once it is in force; with what is not wrong, but worth a word.
        std::function<Answer(const Config&, const std::vector<ConfigProblem>& warnings)> answer;
        Done done;
    };
    struct Written {
        std::string text;
        std::shared_ptr<const Config> config;
        std::vector<ConfigProblem> warnings;
    };
    /// A part of the configuration that is an object of named entries.
    struct Section {
        std::string_view member, noun;
    };
    using EntryEdit = std::function<std::optional<Answer>(config::JsonTree& entries)>;

    void answer(const Call& call, const Done& done);
    [[nodiscard]] Answer status() const;
    void config(const Call& call, const Done& done);
    void reload(const Done& done);

    void keys(const Call& call, const Done& done);
    void key(const Call& call, const Done& done);
    void createKey(const Call& call, const Done& done);
    void rotateKey(const Call& call, const Done& done);
    [[nodiscard]] Answer keyAnswer(const Config& config, const std::string& name, const Secret& fresh,
                                   int status) const;
    /// `lastUsed`: microseconds since 1970; 0: never, or nobody knows.
    static void writeKey(JsonWriter& json, const VirtualKeyConfig& key, std::int64_t lastUsed);

    void entry(const Section& section, const Call& call, const Done& done);
    [[nodiscard]] Answer entries(const Section& section) const;
    [[nodiscard]] std::optional<Answer> entryAnswer(const Section& section, const std::string& name) const;
    /// How budgets stand, where the section is theirs: asked once for an answer, as it is a lock for each.
    [[nodiscard]] std::vector<BudgetState> statesFor(const Section& section) const;
    void writeEntry(JsonWriter& json, const Section& section, const config::JsonTree& entry,
                    const std::vector<BudgetState>& states) const;
    static void writeBudget(JsonWriter& json, const config::JsonTree& entry,
                            const std::vector<BudgetState>& states);
    void writeProvider(JsonWriter& json, const ProviderConfig& provider) const;

    void allow(const Call& call, const Done& done);
    void questions(const Done& done) const;
    void answerQuestion(const Call& call, const Done& done);
    void alerts(const Call& call, const Done& done);
    void pauseSpending(const Call& call, const Done& done);

    /// Where the log has trouble, nothing found in it means nothing. Any thread.
    [[nodiscard]] std::optional<Answer> logTrouble() const;
    void usage(const Call& call, const Done& done);
    void logs(const Call& call, const Done& done);

    void change(Change change);
    void changeEntries(const Section& section, const Call& call, EntryEdit edit,
                       std::function<Answer(const Config&)> answer, const Done& done);
    [[nodiscard]] static std::variant<Answer, Written>
    write(const std::string& path, const std::string& inForce, const Change& change);

    static const Section kKeys, kBudgets, kRoutes, kProviders;

    const Means m_means;
};

} // namespace gateway::engine
