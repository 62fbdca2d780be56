// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provider_keys_model.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QMimeData>

#include "models/format.h"
#include "models/request_table_model.h"

namespace ui {
namespace {

using State = gateway::KeyHealth::State;

const QString kRowType = QStringLiteral("application/x-turnpike-key-row");
constexpr int kMostWeight = 1000;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::KeyState)
};

std::int64_t now()
{
    return QDateTime::currentMSecsSinceEpoch() * 1000;
}

State stateAt(const gateway::KeyHealth& health, std::int64_t nowMicros)
{
    const bool over = health.state == State::RateLimited && health.until <= nowMicros;
    return over ? State::Ready : health.state;
}

QString moment(std::int64_t micros)
{
    return formatMoment(micros, QDateTime::currentDateTime());
}

Outcome outcomeOf(State state)
{
    if (state == State::Ready) return Outcome::Good;
    return state == State::Refused || state == State::Unreadable ? Outcome::Bad : Outcome::Warning;
}

} // namespace

QString whereKept(const gateway::SecretRef& ref)
{
    const QString name = QString::fromStdString(ref.name);
    switch (ref.kind) {
    case gateway::SecretKind::Keychain:
        return QCoreApplication::translate("ui::WhereKept", "Keychain: %1").arg(name);
    case gateway::SecretKind::Environment:
        return QCoreApplication::translate("ui::WhereKept", "Variable %1").arg(name);
    case gateway::SecretKind::File:
        return QCoreApplication::translate("ui::WhereKept", "File %1").arg(name);
    case gateway::SecretKind::Undecided:
        break;
    }
    return QStringLiteral("—");
}

QString keyStateText(const gateway::KeyHealth& health, std::int64_t nowMicros)
{
    switch (stateAt(health, nowMicros)) {
    case State::Ready:
        return Text::tr("Ready");
    case State::Unreadable:
        return Text::tr("Unreadable");
    case State::Refused:
        return health.since == 0 ? Text::tr("Refused") : Text::tr("Refused %1").arg(moment(health.since));
    case State::RateLimited:
        return Text::tr("Limited until %1").arg(moment(health.until));
    case State::Undecided:
        break;
    }
    return Text::tr("Untried");
}

int readyKeys(const gateway::ProviderHealth& health, std::int64_t nowMicros)
{
    return static_cast<int>(
        std::count_if(health.keys.begin(), health.keys.end(), [nowMicros](const gateway::KeyHealth& key) {
            return stateAt(key, nowMicros) == State::Ready;
        }));
}

ProviderKeysModel::ProviderKeysModel(QObject* parent) : QAbstractTableModel(parent)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!m_keys.empty())
            emit dataChanged(index(0, ProviderKeysModel::State),
                             index(rowCount() - 1, ProviderKeysModel::State));
        followTime();
    });
}

void ProviderKeysModel::setProvider(const gateway::ProviderConfig& provider,
                                    const gateway::ProviderHealth& health)
{
    const bool same = health == m_health;
    m_health = health;
    followTime();
    if (provider.keys == m_keys) { // Keeps the selection.
        if (!m_keys.empty() && !same) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_keys = provider.keys;
    endResetModel();
}

void ProviderKeysModel::followTime()
{
    std::int64_t next = 0;
    for (const gateway::KeyHealth& key : m_health.keys) {
        const bool waits = stateAt(key, now()) == gateway::KeyHealth::State::RateLimited;
        if (waits && (next == 0 || key.until < next)) next = key.until;
    }
    m_timer.stop();
    constexpr std::int64_t kMostMillis = 3'600'000;
    if (next > 0)
        m_timer.start(static_cast<int>(std::clamp<std::int64_t>((next - now()) / 1000 + 1, 1, kMostMillis)));
}

int ProviderKeysModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_keys.size());
}

int ProviderKeysModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

gateway::KeyHealth ProviderKeysModel::healthAt(int row) const
{
    const gateway::ProviderKeyId id = idAt(row);
    const auto found = std::find_if(m_health.keys.begin(), m_health.keys.end(),
                                    [&](const gateway::KeyHealth& key) { return key.id == id; });
    return found == m_health.keys.end() ? gateway::KeyHealth{} : *found;
}

QVariant ProviderKeysModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const gateway::ProviderKey& key = m_keys[static_cast<std::size_t>(index.row())];
    const gateway::KeyHealth health = healthAt(index.row());
    if (role == OutcomeRole) return static_cast<int>(outcomeOf(stateAt(health, now())));
    if (role == Qt::ToolTipRole && index.column() == State) return storyOf(index.row());
    if (role == Qt::ToolTipRole && index.column() == KeptIn) return whereKept(key.secret);
    if (role == Qt::EditRole && index.column() == Weight) return static_cast<int>(key.weight);
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    switch (index.column()) {
    case Name:
        return QString::fromStdString(key.id.text);
    case Ending:
        return health.masked.empty() ? QStringLiteral("—") : QString::fromStdString(health.masked);
    case KeptIn:
        // The name in the keychain follows from provider and key; the tool tip has it.
        return key.secret.kind == gateway::SecretKind::Keychain ? tr("Keychain") : whereKept(key.secret);
    case Weight:
        return QLocale().toString(key.weight);
    case State:
        return keyStateText(health, now());
    default:
        return {};
    }
}

QVariant ProviderKeysModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QStringList names{tr("Key"), tr("Ends in"), tr("Kept in"), tr("Weight"), tr("State")};
    const bool wanted = orientation == Qt::Horizontal && role == Qt::DisplayRole;
    if (!wanted || section < 0 || section >= names.size()) return {};
    return names[section];
}

Qt::ItemFlags ProviderKeysModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags all = QAbstractTableModel::flags(index);
    if (!index.isValid()) return all | Qt::ItemIsDropEnabled;
    all |= Qt::ItemIsDragEnabled;
    if (index.column() == Weight) all |= Qt::ItemIsEditable;
    return all;
}

bool ProviderKeysModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::EditRole) return false;
    const int weight = value.toInt();
    const bool right = index.column() == Weight && weight >= 1 && weight <= kMostWeight;
    const gateway::ProviderKey& key = m_keys[static_cast<std::size_t>(index.row())];
    if (!right || static_cast<std::uint32_t>(weight) == key.weight) return false;
    emit weightWanted(gateway::ProviderKeyId(key.id), weight);
    return true;
}

QStringList ProviderKeysModel::mimeTypes() const
{
    return {kRowType};
}

QMimeData* ProviderKeysModel::mimeData(const QModelIndexList& indexes) const
{
    if (indexes.isEmpty()) return nullptr;
    auto* data = new QMimeData;
    data->setData(kRowType, QByteArray::number(indexes.front().row()));
    return data;
}

bool ProviderKeysModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                                     const QModelIndex& parent)
{
    Q_UNUSED(column)
    if (action != Qt::MoveAction || !data->hasFormat(kRowType)) return false;
    bool number = false;
    const int from = data->data(kRowType).toInt(&number);
    if (!number || from < 0 || from >= rowCount()) return false;
    // Between two rows, on one, or below all of them.
    int to = row >= 0 ? row : parent.isValid() ? parent.row() : rowCount();
    if (row >= 0 || !parent.isValid()) to -= to > from ? 1 : 0;
    to = std::clamp(to, 0, rowCount() - 1);
    if (to != from) emit moveWanted(from, to);
    return false; // The rows move when the configuration has changed.
}

gateway::ProviderKeyId ProviderKeysModel::idAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_keys[static_cast<std::size_t>(row)].id : gateway::ProviderKeyId{};
}

int ProviderKeysModel::rowOf(const gateway::ProviderKeyId& id) const
{
    const auto found = std::find_if(m_keys.begin(), m_keys.end(),
                                    [&](const gateway::ProviderKey& key) { return key.id == id; });
    return found == m_keys.end() ? -1 : static_cast<int>(found - m_keys.begin());
}

QString ProviderKeysModel::storyOf(int row) const
{
    const gateway::KeyHealth health = healthAt(row);
    if (stateAt(health, now()) == gateway::KeyHealth::State::Ready) return {};
    const QString problem = QString::fromStdString(health.problem);
    switch (health.state) {
    case gateway::KeyHealth::State::Refused:
        return health.since == 0 ? problem
                                 : tr("Set aside since %1. %2").arg(formatFullInstant(health.since), problem);
    case gateway::KeyHealth::State::RateLimited:
        return tr("Set aside until %1. %2").arg(formatFullInstant(health.until), problem);
    default:
        return problem;
    }
}

} // namespace ui
