// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/response_turn.h"

#include <utility>

#include "base/sha256.h"
#include "dialect/responses_history.h"

namespace gateway::pipeline {

namespace responses = dialect::responses;

std::string keeperOf(const access::VirtualKey* key)
{
    // By the key itself, not its name: a new key of an old name must not find the old one's answers.
    return key ? hexText(key->hash) : std::string();
}

ResponseTurn::ResponseTurn(ResponseStore& store, std::string owner, const JsonDocument& document,
                           std::string idBase)
    : m_store(store), m_owner(std::move(owner)), m_document(&document), m_idBase(std::move(idBase))
{
    if (const std::string id = responses::previousId(document); !id.empty())
        m_previous = m_store.find(m_owner, id);
    for (const std::string& id : responses::referredItems(document)) {
        if (auto item = m_store.findItem(m_owner, id)) m_items.emplace(id, std::move(item));
    }
}

std::string_view ResponseTurn::findItem(std::string_view id) const
{
    const auto found = m_items.find(std::string(id));
    return found == m_items.end() ? std::string_view() : std::string_view(found->second->json);
}

Result<std::string> ResponseTurn::expanded(std::string_view body) const
{
    std::vector<std::string_view> earlier;
    if (m_previous) {
        for (const KeptItems* items : {&m_previous->input, &m_previous->output}) {
            for (const auto& item : *items)
                earlier.push_back(item->json);
        }
    }
    return responses::expandedRequest(body, *m_document, earlier,
                                      [this](std::string_view id) { return findItem(id); });
}

void ResponseTurn::keep(std::string_view answer) const
{
    const JsonMember* input = m_document->find("input");
    if (!responses::wantsKept(*m_document) ||
        (input && input->value.size() > ResponseStore::kMaxConversation))
        return;
    KeptItems earlier;
    if (m_previous) {
        earlier = m_previous->input;
        earlier.insert(earlier.end(), m_previous->output.begin(), m_previous->output.end());
    }
    m_store.keep(
        m_owner, answer, earlier,
        responses::inputItems(*m_document, m_idBase, [this](std::string_view id) { return findItem(id); }));
}

} // namespace gateway::pipeline
