// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/modal_exchange.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "base/json_text.h"
#include "base/redaction.h"
#include "base/strings.h"
#include "dialect/modal_usage.h"
#include "dialect/request_facts.h"
#include "net/offload.h"
#include "pipeline/inline_config.h"
#include "pipeline/kept_ids.h"
#include "pipeline/own_body.h"
#include "pipeline/personal_text.h"
#include "pipeline/provider_wishes.h"

namespace gateway::pipeline {

namespace {

struct FormEdit {
    std::uint64_t begin = 0, end = 0;
    std::string text;
};

/// Of an override: what can stand in a part's head as it is.
bool isFieldName(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char byte) {
        return byte >= ' ' && byte != '"' && byte != '\\' && byte != 0x7F;
    });
}

constexpr std::string_view kDefaultModeration = "omni-moderation-latest"; // what OpenAI's reference says

Error badForm()
{
    return clientError(Code::InvalidRequest,
                       "The body is not the multipart/form-data that its Content-Type announces.");
}

} // namespace

net::Task<ModalExchange::Failure> ModalExchange::prepare()
{
    const bool form = startsWithIgnoreCase(trimmed(m_head.field("content-type")), "multipart/");
    Failure problem;
    if (form)
        problem = co_await prepareForm();
    else
        problem = co_await prepareJson();
    if (problem || !beginGuarding()) co_return problem;
    const auto look = [this] {
        if (m_form)
            guardForm();
        else
            guardJson();
        return true;
    };
    if (isLongRead())
        co_await net::offload(m_context.pool, m_context.context, look);
    else
        look();
    auto asks = m_form ? m_guarding->headAsks(aboutRequest())
                       : m_guarding->requestAsks(m_dialect.id(), m_body, aboutRequest());
    co_await askFor(std::move(asks), false);
    if (m_cancelled) co_return goneError();
    co_return co_await obeyVerdicts();
}

void ModalExchange::guardJson()
{
    if (!m_guarding->mustRead(m_body)) return;
    auto other = m_guarding->request(m_dialect.id(), m_body, aboutRequest());
    if (auto unseen = m_guarding->loggable(m_dialect.id(), m_body)) m_loggedBody = *std::move(unseen);
    if (!other) return;
    m_body = *std::move(other);
    m_document = {};
    std::ignore = scanJson(m_body, m_document); // strings were exchanged for strings
}

void ModalExchange::guardForm()
{
    for (const auto& field : m_form->fields()) {
        if (!field.isFile) m_guarding->form(field.value);
    }
}

net::Task<ModalExchange::Failure> ModalExchange::prepareJson()
{
    if (Failure problem = co_await holdJson(m_document)) co_return problem;
    if (m_document.root != JsonKind::Object)
        co_return clientError(Code::InvalidRequest, "The body must be a JSON object.");
    dialect::PathFacts path;
    if (!m_document.find("model")) {
        if (m_endpoint.operation == Operation::Moderate) path.model = kDefaultModeration;
        if (!m_wishes.route.empty()) path.model = m_wishes.route;
        if (!m_wishes.config.empty() && path.model.empty()) path.model = kInlineRoute;
    }
    auto facts = dialect::modelFacts(m_document, path);
    if (!facts) co_return facts.error();
    auto wishes = readProviderWishes(m_document);
    if (!wishes) co_return wishes.error();
    m_preferences = std::move(wishes->preferences);
    addRules(m_wishes.data, wishes->data);
    if (m_document.find("model")) m_model = facts->model;
    m_choosesAmong = m_document.find("models") || m_document.find("provider");
    m_row.requestedModel = facts->model;
    m_row.stream = facts->stream;
    if (m_endpoint.operation == Operation::Rerank) m_rerankShape = dialect::rerankShapeOf(m_document);
    m_usage = dialect::readModalRequest(m_document, m_endpoint.operation);
    std::vector<std::string> names{facts->model};
    names.insert(names.end(), facts->fallbackModels.begin(), facts->fallbackModels.end());
    co_return co_await resolve(std::move(names));
}

net::Task<ModalExchange::Failure> ModalExchange::prepareForm()
{
    const auto boundary = multipartBoundary(m_head.field("content-type"));
    if (!boundary)
        co_return clientError(
            Code::InvalidRequest,
            "Send the form as `multipart/form-data` with its boundary in the Content-Type.");
    m_form.emplace(*boundary);
    if (Failure problem = co_await hold(kHeld)) co_return problem;
    if (const auto* model = m_form->find("model"); model && !model->isFile) m_model = model->value;
    std::string name = m_model.empty() ? m_wishes.route : m_model;
    if (name.empty() && !m_wishes.config.empty()) name = kInlineRoute;
    if (!dialect::isModelName(name))
        co_return dialect::invalidRequest("'model' is required: 1 to 256 letters, digits and _ . : / @ + -, "
                                          "without '..'.",
                                          "model");
    m_row.requestedModel = name;
    if (const auto* stream = m_form->find("stream")) m_row.stream = stream->value == "true";
    std::vector<std::string> names{name};
    co_return co_await resolve(std::move(names));
}

guardrail::EntitySet ModalExchange::lookForPersonal() const
{
    if (!m_form) return TargetExchange::lookForPersonal();
    if (!isAllHeld()) return kMaybePersonal; // what comes later is passed on unread
    guardrail::EntitySet kinds = 0;
    for (const auto& field : m_form->fields()) {
        if (!field.isFile) kinds |= field.isWhole ? personalInText(field.value) : kMaybePersonal;
    }
    return kinds;
}

RoutedRequest ModalExchange::routedRequest()
{
    RoutedRequest request = TargetExchange::routedRequest();
    if (!m_form) request.body = &m_document;
    return request;
}

std::string_view ModalExchange::asked(std::string_view name)
{
    if (!m_form) return RelayExchange::asked(name);
    const MultipartScanner::Field* const field = m_form->find(name);
    return field && !field->isFile ? std::string_view(field->value) : std::string_view();
}

bool ModalExchange::knowsEnough() const
{
    return !m_form || m_form->find("model");
}

ModalExchange::Failure ModalExchange::inspectPart(std::string_view part)
{
    if (!m_form) return std::nullopt;
    if (!m_form->feed(part)) return badForm();
    if (part.empty() && m_form->state() != MultipartScanner::State::Done) return badForm();
    // Of two, the provider could take another one than we did.
    if (m_form->count("model") > 1)
        return dialect::invalidRequest("The form has more than one 'model'.", "model");
    for (const std::string& name : m_addedFields) {
        if (m_form->find(name))
            return dialect::invalidRequest("The form has '" + name +
                                               "' behind its file, where the route's override can no longer "
                                               "replace it. Send the fields before the file.",
                                           name);
    }
    return std::nullopt;
}

Result<RelayExchange::Outgoing> ModalExchange::outgoing(Attempt& attempt)
{
    const provider::CallShape shape{attempt.provider.base.path, m_endpoint.operation, m_dialect.id(),
                                    attempt.target.model,       m_row.stream,         true};
    m_addedFields.clear();
    Outgoing out;
    out.head.method = "POST";
    out.head.target = attempt.provider.kind->path(shape);
    out.head.fields.emplace_back("Content-Type", std::string(m_head.field("content-type")));
    out.head.fields.emplace_back("Accept", "*/*");
    out.head.fields.emplace_back("User-Agent", "Turnpike");
    out.isEdited = attempt.target.model != m_model || m_choosesAmong || !attempt.target.overrideJson.empty();
    const bool reshaped =
        m_rerankShape != dialect::RerankShape::Undecided && m_rerankShape != rerankShape(attempt);
    const bool ruled = attempt.target.own && attempt.target.own->changesBody();
    if (ruled && m_form)
        return clientError(
            Code::InvalidRequest,
            "`default_params` and `drop_params` of `x-portkey-config` are not obeyed for forms. "
            "Leave them out.",
            "x-portkey-config");
    out.isEdited = out.isEdited || reshaped || ruled;
    if (!out.isEdited) return out;
    if (m_form) {
        out.edited = editedForm(attempt);
        return out;
    }
    auto edited = editedJson(attempt);
    if (!edited) return edited.error();
    out.edited =
        reshaped ? dialect::rerankRequest(edited.value(), rerankShape(attempt)) : std::move(edited.value());
    return out;
}

dialect::RerankShape ModalExchange::rerankShape(const Attempt& attempt)
{
    const auto& quirks = attempt.provider.quirks;
    return quirks && quirks->rerankData ? dialect::RerankShape::Data : dialect::RerankShape::Results;
}

Result<std::string> ModalExchange::editedJson(const Attempt& attempt) const
{
    dialect::BodyEdit edit;
    edit.model = attempt.target.model;
    edit.overrideJson = attempt.target.overrideJson;
    // What chooses among targets was for us; OpenAI refuses a body with members that it does not know.
    if (m_document.find("models")) edit.remove.emplace_back("models");
    if (m_document.find("provider") && attempt.provider.catalogKind != "openrouter")
        edit.remove.emplace_back("provider");
    const auto& rules = attempt.target.own;
    if (!rules || !rules->changesBody()) return m_dialect.edit(m_body, m_document, edit);
    OwnBody own;
    if (auto problem = makeOwnBody(m_body, m_document, *rules, own)) return *std::move(problem);
    return m_dialect.edit(own.text, own.document, edit);
}

std::string ModalExchange::editedForm(const Attempt& attempt)
{
    std::vector<FormEdit> edits;
    std::string added;
    const std::string boundary = *multipartBoundary(m_head.field("content-type"));
    const auto set = [&](std::string_view name, const std::string& text) {
        bool found = false;
        for (const auto& field : m_form->fields()) {
            if (field.name != name || field.isFile) continue;
            edits.push_back({field.begin, field.end, text}); // a repeated field says it again
            found = true;
        }
        if (found) return;
        m_addedFields.emplace_back(name);
        added.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"");
        added.append(name).append("\"\r\n\r\n").append(text).append("\r\n");
    };
    set("model", attempt.target.model);
    forEachMember(attempt.target.overrideJson, [&set](const JsonMember& member) {
        const auto name = unescapeJson(member.key);
        // A form has texts only; what is no text goes as JSON writes it.
        const auto text = decodeJsonString(member.value);
        if (name && isFieldName(*name)) set(*name, text ? *text : std::string(member.value));
    });
    std::sort(edits.begin(), edits.end(),
              [](const FormEdit& left, const FormEdit& right) { return left.begin < right.begin; });
    std::string body = std::move(added);
    std::uint64_t done = 0;
    for (const FormEdit& edit : edits) {
        body.append(m_body, done, edit.begin - done).append(edit.text);
        done = edit.end;
    }
    return body.append(m_body, done);
}

Result<std::string> ModalExchange::answerBody(const Attempt& attempt, std::string body)
{
    JsonDocument document;
    if (scanJson(body, document) || !dialect::isModalAnswer(document, m_endpoint.operation)) {
        const auto read = attempt.dialect->readError(body);
        return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                             attempt.row.provider + " answered with something else than what was asked for" +
                                 (read.message.empty()
                                      ? std::string(". Check the provider's base_url.")
                                      : ": " + withoutSecrets(read.message, secretsOf(attempt))));
    }
    dialect::addModalAnswer(m_usage, document, m_endpoint.operation);
    if (m_rerankShape != dialect::RerankShape::Undecided && m_rerankShape != rerankShape(attempt))
        return dialect::rerankAnswer(body, m_rerankShape);
    if (m_endpoint.operation != Operation::Video) return body;
    return withKeptIds(body, document, attempt.row.provider, {});
}

void ModalExchange::inspectEvent(const SseEvent& event)
{
    dialect::addModalEvent(m_usage, event.data, m_endpoint.operation);
}

std::string ModalExchange::brokenEnd(const Error& error) const
{
    return m_dialect.encodeStreamError(error, {});
}

} // namespace gateway::pipeline
