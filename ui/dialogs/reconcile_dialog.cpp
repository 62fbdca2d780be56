// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/reconcile_dialog.h"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "models/text_file.h"
#include "widgets/build.h"
#include "widgets/column_fit.h"
#include "widgets/combo_box.h"
#include "widgets/segments.h"
#include "widgets/table_look.h"
#include "widgets/tone_delegate.h"

namespace ui {
namespace {

constexpr int kWidth = 820;
constexpr int kTextHeight = 180;
constexpr int kTableHeight = 268;
constexpr int kRowHeight = 30;

/// A text that is too large would keep the window busy before anybody could say so.
class PastedText : public QPlainTextEdit {
public:
    explicit PastedText(std::function<void()> tooLarge) : m_tooLarge(std::move(tooLarge)) {}

protected:
    void insertFromMimeData(const QMimeData* source) override
    {
        if (source->text().size() > kMostTextBytes)
            m_tooLarge();
        else
            QPlainTextEdit::insertFromMimeData(source);
    }

private:
    std::function<void()> m_tooLarge;
};

QString fileIn(const QMimeData& data)
{
    const QList<QUrl> urls = data.urls();
    return urls.size() == 1 && urls.first().isLocalFile() ? urls.first().toLocalFile() : QString();
}

} // namespace

ReconcileDialog::ReconcileDialog(const std::vector<gateway::ProviderId>& providers, QWidget* parent)
    : FormDialog(tr("Reconcile with a provider"), tr("&Compare"), parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    setAcceptDrops(true);
    buildInput(providers);
    buildResult();
    connect(this, &FormDialog::acceptWanted, this, &ReconcileDialog::compare);
    setStep(Step::Asking);
    m_text->setFocus();
    if (providers.empty()) {
        acceptButton()->setEnabled(false);
        showMessage(tr("No provider is set up yet. Add one on the page Providers."), QStringLiteral("info"),
                    "muted");
    }
}

void ReconcileDialog::buildInput(const std::vector<gateway::ProviderId>& providers)
{
    m_input = new QWidget;
    m_input->setProperty("role", QStringLiteral("clear"));
    auto* all = column(m_input, {}, 12);
    all->addWidget(makeParagraph(
        tr("Export the usage or the costs of some days as CSV on the provider's site, and paste it here or "
           "drop the file. Nothing is sent anywhere and nothing is changed.")));
    QHBoxLayout* line = row(8);
    m_provider = new ComboBox(tr("Provider"), "reconcileProviderComboBox");
    for (const gateway::ProviderId& provider : providers) {
        m_provider->addItem(QString::fromStdString(provider.text));
    }
    QPushButton* open = makeButton(tr("&Open file…"), "ghost", QStringLiteral("download"), "openCsvButton");
    connect(open, &QPushButton::clicked, this, &ReconcileDialog::openFile);
    m_file = makeElided("muted");
    m_file->setText(tr("or drop it here"));
    line->addWidget(makeFieldLabel(tr("&Provider"), m_provider));
    line->addWidget(m_provider);
    line->addSpacing(8);
    line->addWidget(open);
    line->addWidget(m_file, 1);
    all->addLayout(line);
    m_text = new PastedText([this] { showTooLarge(); });
    m_text->setObjectName(QStringLiteral("csvPlainTextEdit"));
    m_text->setAccessibleName(tr("The provider's export"));
    m_text->setPlaceholderText(tr("Paste the export here, with its line of column names"));
    m_text->setFixedHeight(kTextHeight);
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setAcceptDrops(false); // Files are for the dialog.
    all->addWidget(m_text);
    fields()->addWidget(m_input);
}

void ReconcileDialog::buildResult()
{
    m_result = new QWidget;
    m_result->setProperty("role", QStringLiteral("clear"));
    auto* all = column(m_result, {}, 10);
    m_summary = makeParagraph({});
    m_summary->setAccessibleDescription(QStringLiteral("reconcile-summary"));
    all->addWidget(m_summary);
    QHBoxLayout* tools = row(8);
    m_views = new Segments(tr("How the figures are summed up"), {tr("By model"), tr("Day by day")});
    m_differences = makeButton(tr("&Differences only"), "chip", {}, "differencesOnlyButton");
    m_differences->setCheckable(true);
    QPushButton* copy =
        makeButton(tr("Copy as CS&V"), "plain", QStringLiteral("copy"), "copyReconcileButton");
    tools->addWidget(m_views);
    tools->addWidget(m_differences);
    tools->addStretch();
    tools->addWidget(copy);
    all->addLayout(tools);
    all->addWidget(buildTable());
    fields()->addWidget(m_result);
    m_again = makeButton(tr("&Back"), "ghost", {}, "otherExportButton");
    buttons()->insertWidget(0, m_again);
    connect(m_again, &QPushButton::clicked, this, [this] { setStep(Step::Asking); });
    connect(m_views, &Segments::chosen, this, &ReconcileDialog::showRows);
    connect(m_differences, &QPushButton::toggled, this, &ReconcileDialog::showRows);
    connect(copy, &QPushButton::clicked, this, [this] { emit copyWanted(m_model.csv()); });
}

QWidget* ReconcileDialog::buildTable()
{
    QFrame* card = makeFrame("card");
    auto* inside = column(card, {4, 4, 4, 4}, 0);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("reconcileTable"));
    m_table->setModel(&m_model);
    setUpTable(m_table, tr("What the provider says beside what was logged"));
    m_table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->setItemDelegate(new ToneDelegate(ReconcileModel::ToneRole, -1, m_table));
    m_table->setFixedHeight(kTableHeight);
    new ColumnFit(m_table);
    m_equal = makeLabel(tr("Nothing differs."), "muted");
    m_equal->setAlignment(Qt::AlignCenter);
    m_equal->setFixedHeight(kTableHeight);
    inside->addWidget(m_table);
    inside->addWidget(m_equal);
    return card;
}

void ReconcileDialog::openFile()
{
    auto* files = new QFileDialog(this, tr("Open a usage export"));
    files->setAttribute(Qt::WA_DeleteOnClose);
    files->setFileMode(QFileDialog::ExistingFile);
    files->setNameFilters({tr("Tables (*.csv *.tsv *.txt)"), tr("All files (*)")});
    connect(files, &QFileDialog::fileSelected, this, &ReconcileDialog::choose);
    files->open();
}

void ReconcileDialog::choose(const QString& path)
{
    setStep(Step::Asking);
    m_file->setText(QFileInfo(path).fileName());
    m_file->setToolTip(plainToolTip(path));
    showProgress(tr("Reading the file…"));
    ++m_files;
    emit fileChosen(path);
}

void ReconcileDialog::showFile(const QString& text, const QString& problem)
{
    if (!problem.isEmpty()) {
        showProblem(problem);
        return;
    }
    hideMessage();
    m_text->setPlainText(text);
    compare();
}

void ReconcileDialog::compare()
{
    if (m_step != Step::Asking || m_provider->count() == 0) return;
    const QString text = m_text->toPlainText();
    if (text.trimmed().isEmpty()) {
        showProblem(tr("There is nothing to compare. Paste the export or open its file."));
        m_text->setFocus();
        return;
    }
    std::string csv = text.toStdString();
    if (csv.size() > static_cast<std::size_t>(kMostTextBytes)) {
        showTooLarge();
        return;
    }
    ++m_asks;
    ++m_files; // One that is still being read comes too late.
    setStep(Step::Comparing);
    showProgress(tr("Adding up the log of those days…"));
    emit compareWanted({gateway::ProviderId(m_provider->currentText().toStdString()), std::move(csv)});
}

void ReconcileDialog::showTooLarge()
{
    showProblem(tr("The text is larger than 16 MiB. Export fewer days at once."));
    m_text->setFocus();
}

void ReconcileDialog::setStep(Step step)
{
    m_step = step;
    const bool result = step == Step::Result;
    m_input->setVisible(!result);
    m_input->setEnabled(step == Step::Asking);
    m_result->setVisible(result);
    m_again->setVisible(result);
    acceptButton()->setVisible(!result);
    setBusy(step == Step::Comparing);
    setButtonText(cancelButton(), result ? tr("C&lose") : tr("Cancel"));
    hideMessage();
}

void ReconcileDialog::showResult(const gateway::Reconciliation& result)
{
    if (m_step != Step::Comparing) return;
    if (!result.problem.empty()) {
        setStep(Step::Asking);
        showProblem(QString::fromStdString(result.problem));
        return;
    }
    m_model.setRows(result.rows);
    const int apart = m_model.differences();
    QStringList sentences;
    if (!result.format.empty())
        sentences.append(tr("Read as %1.").arg(QString::fromStdString(result.format)));
    sentences.append(apart == 0
                         ? tr("%Ln figure(s), all equal.", nullptr, m_model.count())
                         : tr("%Ln figure(s), of which %1 differ.", nullptr, m_model.count()).arg(apart));
    if (result.skippedLines > 0)
        sentences.append(tr("%Ln line(s) were skipped: there was nothing known to do with them.", nullptr,
                            static_cast<int>(result.skippedLines)));
    m_summary->setText(sentences.join(QLatin1Char(' ')));
    setStep(Step::Result);
    showRows();
    m_table->setFocus();
}

void ReconcileDialog::showUnfinished()
{
    if (m_step != Step::Comparing) return;
    setStep(Step::Asking);
    showProblem(tr("The log did not answer: the gateway is not running. Start it and try again."));
}

void ReconcileDialog::showRows()
{
    m_model.setLook(m_views->current() == 0, m_differences->isChecked());
    m_table->setColumnHidden(ReconcileModel::Day, m_model.isSummed());
    m_table->findChild<ColumnFit*>()->fit();
    const bool empty = m_model.rowCount() == 0;
    m_table->setVisible(!empty);
    m_equal->setVisible(empty);
}

void ReconcileDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (m_step != Step::Comparing && !fileIn(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void ReconcileDialog::dropEvent(QDropEvent* event)
{
    const QString path = fileIn(*event->mimeData());
    if (path.isEmpty()) return;
    event->acceptProposedAction();
    choose(path);
}

} // namespace ui
