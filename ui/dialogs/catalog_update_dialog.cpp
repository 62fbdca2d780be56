// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/catalog_update_dialog.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "models/format.h"
#include "models/model_text.h"
#include "widgets/build.h"
#include "widgets/segments.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kWidth = 780;
constexpr int kTableHeight = 240;
constexpr int kRowHeight = 32;
constexpr int kWidths[CatalogChangeModel::ColumnCount] = {232, 104, 124, 90, 108, 108};

// Writes the lines that name groups like titles.
class GroupDelegate : public RowDelegate {
public:
    using RowDelegate::RowDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        RowDelegate::initStyleOption(option, index);
        if (index.data(CatalogChangeModel::GroupRole).toBool()) option->font.setWeight(QFont::DemiBold);
    }
};

} // namespace

CatalogUpdateDialog::CatalogUpdateDialog(const gateway::ModelTable& inForce,
                                         const std::set<std::string>& ownProviders, QWidget* parent)
    : FormDialog(tr("Update catalog"), tr("&Look"), parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    buildInForce(inForce);
    buildOrigin();
    buildFound(ownProviders);
    connect(this, &FormDialog::acceptWanted, this, &CatalogUpdateDialog::go);
    setStep(Step::Choosing);
    showOrigin();
    if (!inForce.updateProblem.empty()) showProblem(QString::fromStdString(inForce.updateProblem));
    acceptButton()->setFocus();
}

void CatalogUpdateDialog::buildInForce(const gateway::ModelTable& inForce)
{
    const bool updated = !inForce.updateDate.empty();
    const QString text =
        updated ? tr("In force: the list of %1 from %2, over the built-in one of %3. What you wrote yourself "
                     "stays.")
                      .arg(dayText(inForce.updateDate), QString::fromStdString(inForce.updateSource),
                           dayText(inForce.catalogDate))
                : tr("In force: the list of %1 that came with Turnpike. What you wrote yourself stays.")
                      .arg(dayText(inForce.catalogDate));
    QHBoxLayout* line = row(12);
    line->addWidget(makeParagraph(text), 1);
    m_drop = makeButton(tr("&Back to the built-in list"), "link", {}, "dropUpdateButton");
    connect(m_drop, &QPushButton::clicked, this, [this] {
        setStep(Step::Saving);
        showProgress(tr("Going back to the built-in list…"));
        emit dropWanted();
    });
    line->addWidget(m_drop, 0, Qt::AlignTop);
    fields()->addLayout(line);
    m_drop->setVisible(updated || !inForce.updateProblem.empty());
}

void CatalogUpdateDialog::buildOrigin()
{
    QHBoxLayout* line = row(12);
    m_origin =
        new Segments(tr("Where to look"), {QStringLiteral("OpenRouter"), QStringLiteral("models.dev")});
    connect(m_origin, &Segments::chosen, this, [this] {
        setStep(Step::Choosing);
        hideMessage();
        showOrigin();
    });
    m_host = makeParagraph({}, "muted");
    line->addWidget(m_origin, 0, Qt::AlignTop);
    line->addWidget(m_host, 1);
    fields()->addLayout(line);
}

void CatalogUpdateDialog::buildFound(const std::set<std::string>& ownProviders)
{
    m_found = new QWidget;
    m_found->setProperty("role", QStringLiteral("clear"));
    auto* all = column(m_found, {}, 8);
    QHBoxLayout* line = row(12);
    m_summary = makeParagraph({});
    m_summary->setAccessibleDescription(QStringLiteral("update-summary"));
    m_onlyOwn = makeButton(tr("Only models of my &providers"), "chip", {}, "onlyOwnButton");
    m_onlyOwn->setCheckable(true);
    m_onlyOwn->setEnabled(!ownProviders.empty());
    connect(m_onlyOwn, &QPushButton::toggled, this, [this, ownProviders](bool on) {
        m_changes.setProviders(on ? ownProviders : std::set<std::string>{});
        spanGroups();
        showCount();
    });
    line->addWidget(m_summary, 1);
    line->addWidget(m_onlyOwn, 0, Qt::AlignTop);
    all->addLayout(line);
    QFrame* card = makeFrame("card");
    auto* inCard = column(card, {4, 4, 4, 4}, 0);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("changesTable"));
    m_table->setModel(&m_changes);
    setUpTable(m_table, tr("What the newer list changes"));
    m_table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->setItemDelegate(new GroupDelegate(m_table));
    m_table->setFixedHeight(kTableHeight);
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(CatalogChangeModel::Model, QHeaderView::Stretch);
    for (int section = 1; section < CatalogChangeModel::ColumnCount; ++section) {
        header->resizeSection(section, kWidths[section]);
    }
    inCard->addWidget(m_table);
    all->addWidget(card);
    fields()->addWidget(m_found);
    m_found->hide();
}

gateway::CatalogOrigin CatalogUpdateDialog::origin() const
{
    return m_origin->current() == 0 ? gateway::CatalogOrigin::OpenRouter : gateway::CatalogOrigin::ModelsDev;
}

void CatalogUpdateDialog::showOrigin()
{
    const QString host = origin() == gateway::CatalogOrigin::OpenRouter ? QStringLiteral("openrouter.ai")
                                                                        : QStringLiteral("models.dev");
    m_host->setText(
        tr("%1 is asked for its public list, once, when you press Look. Nothing about you, your keys or "
           "your requests is sent.")
            .arg(host));
}

void CatalogUpdateDialog::setStep(Step step)
{
    m_step = step;
    const bool busy = step == Step::Looking || step == Step::Saving;
    setBusy(busy);
    m_origin->setEnabled(!busy);
    m_drop->setEnabled(!busy);
    m_found->setVisible(step == Step::Found || step == Step::Saving ? m_changes.rowCount() > 0 : false);
    setButtonText(acceptButton(), step == Step::Found || step == Step::Saving ? tr("&Take it") : tr("&Look"));
    setButtonText(cancelButton(), step == Step::Looking ? tr("Cancel") : tr("Close"));
}

void CatalogUpdateDialog::go()
{
    if (m_step == Step::Found) {
        setStep(Step::Saving);
        showProgress(tr("Putting the list in force…"));
        emit takeWanted();
    } else if (m_step == Step::Choosing) {
        ++m_looks;
        setStep(Step::Looking);
        showProgress(tr("Reading the public list…"));
        emit lookWanted(origin());
    }
}

void CatalogUpdateDialog::showFound(const gateway::CatalogUpdate& update)
{
    if (m_step != Step::Looking) return; // The user no longer waits for it.
    if (!update.problem.empty()) {
        setStep(Step::Choosing);
        showProblem(QString::fromStdString(update.problem));
        return;
    }
    m_update = update;
    m_changes.setChanges(update.changes);
    hideMessage();
    if (update.changes.empty()) {
        setStep(Step::Choosing);
        showMessage(tr("Nothing differs from the list in force; %Ln model(s) were compared.", nullptr,
                       static_cast<int>(update.modelsRead)),
                    QStringLiteral("circle-check"), "success");
        return;
    }
    setStep(Step::Found);
    spanGroups();
    showCount();
}

void CatalogUpdateDialog::showCount()
{
    QString text = tr("%Ln difference(s)", nullptr, m_changes.changeCount()) + QStringLiteral(", ") +
                   tr("%Ln model(s) read.", nullptr, static_cast<int>(m_update.modelsRead));
    if (m_update.refusedRows > 0) {
        text += QLatin1Char(' ') + tr("%Ln row(s) that cannot be right are left out.", nullptr,
                                      static_cast<int>(m_update.refusedRows));
    }
    m_summary->setText(text);
}

void CatalogUpdateDialog::spanGroups()
{
    m_table->clearSpans();
    for (int line = 0; line < m_changes.rowCount(); ++line) {
        if (m_changes.index(line, 0).data(CatalogChangeModel::GroupRole).toBool())
            m_table->setSpan(line, 0, 1, CatalogChangeModel::ColumnCount);
    }
}

void CatalogUpdateDialog::showUnfinished()
{
    if (m_step != Step::Looking) return;
    setStep(Step::Choosing);
    showProblem(tr("The gateway is shutting down; nothing was read."));
}

void CatalogUpdateDialog::showFailure(const QString& problem)
{
    setStep(m_changes.rowCount() > 0 ? Step::Found : Step::Choosing);
    showProblem(problem);
}

void CatalogUpdateDialog::reject()
{
    if (m_step == Step::Looking) {
        setStep(Step::Choosing);
        showMessage(tr("Stopped."), QStringLiteral("info"), "muted");
        emit lookStopped();
        return;
    }
    FormDialog::reject();
}

} // namespace ui
