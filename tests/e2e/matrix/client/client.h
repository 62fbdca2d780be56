// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "client/told.h"
#include "feature.h"

namespace matrix {

/// One request of a cell.
struct Ask {
    Feature feature = Feature::Undecided;
    std::string model;
    std::string text; // the user's, with the cell's marker
    bool stream = false;
    nlohmann::json replay; // the model's turn, which called a tool; null in the first turn
    std::string callId;
};

struct Wire {
    std::string path;
    std::vector<std::pair<std::string, std::string>> headers;
    nlohmann::json body;
};

/// A tool's client of one dialect: how it asks, and how strictly it reads. Stateless.
class Client {
public:
    virtual ~Client() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    [[nodiscard]] virtual Wire write(const Ask& ask) const = 0;
    virtual void readWhole(const nlohmann::json& answer, Told& told) const = 0;
    virtual void readStream(std::string_view body, Told& told) const = 0;
    /// The body of an answer that is not 200.
    virtual void readError(const nlohmann::json& body, int status, Told& told) const = 0;
    [[nodiscard]] virtual std::string_view streamType() const { return "text/event-stream"; }
    /// False where the dialect cannot ask that a tool be called.
    [[nodiscard]] virtual bool canForce() const { return true; }
};

[[nodiscard]] const std::vector<const Client*>& allClients();

const Client& chatClient();
const Client& completionsClient();
const Client& responsesClient();
const Client& anthropicClient();
const Client& geminiClient();
const Client& geminiArrayClient();
const Client& ollamaClient();
const Client& cohereClient();

inline constexpr std::string_view kClientKey = "tp-test-key-0123456789";
inline constexpr std::int64_t kAmpleTokens = 4000; // more than any budget for thinking
inline constexpr std::int64_t kBudget = 2048;

[[nodiscard]] std::int64_t limitOf(Feature feature);
[[nodiscard]] bool hasTools(Feature feature);
[[nodiscard]] bool hasFormat(Feature feature);
/// True where the conversation has calls and their results in it.
[[nodiscard]] bool hasCalls(Feature feature);
[[nodiscard]] bool reasons(Feature feature);
[[nodiscard]] std::vector<std::pair<std::string, std::string>> bearer();
[[nodiscard]] std::string imageUrl();

} // namespace matrix
