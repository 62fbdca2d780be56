// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/import_dialog.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/check_table.h"
#include "widgets/fitting_stack.h"
#include "widgets/segments.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kWidth = 820;
constexpr int kTableHeight = 260;
constexpr int kRowHeight = 32;

/// The one file that is dropped; empty: there is none, or there are several.
QString droppedFile(const QMimeData& data)
{
    const QList<QUrl> urls = data.urls();
    return urls.size() == 1 && urls.first().isLocalFile() ? urls.first().toLocalFile() : QString();
}

void setUpColumns(QTableView* table, const QString& name, std::initializer_list<int> widths)
{
    setUpTable(table, name);
    table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    table->setWordWrap(true);
    // Only what is on show is measured: a file may have thousands of lines.
    table->verticalHeader()->setResizeContentsPrecision(0);
    table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->setFixedHeight(kTableHeight);
    QHeaderView* header = table->horizontalHeader();
    int section = 0;
    for (const int width : widths) {
        if (width > 0) {
            header->setSectionResizeMode(section, QHeaderView::Fixed);
            header->resizeSection(section, width);
        }
        ++section;
    }
}

QWidget* inCard(QTableView* table)
{
    QFrame* card = makeFrame("card");
    column(card, {4, 4, 4, 4}, 0)->addWidget(table);
    return card;
}

} // namespace

ImportDialog::ImportDialog(QWidget* parent) : FormDialog(tr("Import routes"), tr("&Import"), parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    setAcceptDrops(true);
    buildChoice();
    buildFound();
    connect(this, &FormDialog::acceptWanted, this, &ImportDialog::importWanted);
    connect(&m_entries, &ImportEntryModel::choiceChanged, this, [this] {
        showCount();
        showKeys();
    });
    setStep(Step::Choosing);
    m_choose->setFocus();
}

void ImportDialog::buildChoice()
{
    fields()->addWidget(makeParagraph(tr(
        "A LiteLLM config.yaml, a Portkey config, a Cloudflare dynamic route, or claude-code-router's "
        "config.json. Nothing that is there already is changed, and nothing is added before you say so.")));
    QHBoxLayout* line = row(12);
    m_choose = makeButton(tr("&Choose file…"), "ghost", QStringLiteral("download"), "chooseFileButton");
    m_file = makeElided("muted");
    m_file->setText(tr("or drop it here"));
    line->addWidget(m_choose);
    line->addWidget(m_file, 1);
    fields()->addLayout(line);
    connect(m_choose, &QPushButton::clicked, this, &ImportDialog::openFile);
}

void ImportDialog::buildFound()
{
    m_found = new QWidget;
    m_found->setProperty("role", QStringLiteral("clear"));
    auto* all = column(m_found, {}, 10);
    QHBoxLayout* head = row(12);
    m_views = new Segments(tr("What of the file is on show"), {tr("What is added"), tr("Line by line")});
    m_summary = makeParagraph({}, "muted");
    m_summary->setAccessibleDescription(QStringLiteral("import-summary"));
    head->addWidget(m_views);
    head->addWidget(m_summary, 1);
    all->addLayout(head);
    m_stack = new FittingStack;
    m_stack->addWidget(buildEntries());
    m_stack->addWidget(buildReport());
    all->addWidget(m_stack);
    m_keys = makeParagraph({});
    m_keys->setTextFormat(Qt::PlainText);
    m_keys->setAccessibleDescription(QStringLiteral("import-keys"));
    all->addWidget(m_keys);
    fields()->addWidget(m_found);
    connect(m_views, &Segments::chosen, m_stack, &FittingStack::setCurrentIndex);
}

QWidget* ImportDialog::buildEntries()
{
    m_entryTable = new CheckTable(ImportEntryModel::Name);
    m_entryTable->setObjectName(QStringLiteral("importEntriesTable"));
    m_entryTable->setModel(&m_entries);
    setUpColumns(m_entryTable, tr("What is added; the space bar checks a box"), {190, 84, 0, 230});
    connect(m_entryTable, &CheckTable::boxClicked, this, [this](const QModelIndex& index) {
        m_entryTable->setCurrentIndex(index);
        toggle();
    });
    connect(m_entryTable, &CheckTable::spacePressed, this, &ImportDialog::toggle);
    return inCard(m_entryTable);
}

QWidget* ImportDialog::buildReport()
{
    m_reportTable = new QTableView;
    m_reportTable->setObjectName(QStringLiteral("importReportTable"));
    m_reportTable->setModel(&m_report);
    setUpColumns(m_reportTable, tr("What became of the file, line by line"), {64, 240, 210, 0});
    return inCard(m_reportTable);
}

void ImportDialog::toggle()
{
    const QModelIndex index = m_entryTable->currentIndex().siblingAtColumn(ImportEntryModel::Name);
    if (!index.isValid()) return;
    const bool taken = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    m_entries.setData(index, taken ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

void ImportDialog::openFile()
{
    auto* files = new QFileDialog(this, tr("Import routes"));
    files->setObjectName(QStringLiteral("importFileDialog"));
    files->setAttribute(Qt::WA_DeleteOnClose);
    files->setFileMode(QFileDialog::ExistingFile);
    files->setNameFilters({tr("Configurations (*.yaml *.yml *.json *.jsonc)"), tr("All files (*)")});
    connect(files, &QFileDialog::fileSelected, this, &ImportDialog::chooseFile);
    files->open();
}

void ImportDialog::chooseFile(const QString& path)
{
    if (m_step == Step::Saving) return;
    m_isAgain = false;
    m_path = path;
    ++m_reads;
    m_file->setText(QFileInfo(path).fileName());
    m_file->setToolTip(plainToolTip(path));
    setStep(Step::Reading);
    showProgress(tr("Reading the file…"));
    emit fileChosen(path);
}

void ImportDialog::readAgain()
{
    m_step = Step::Choosing;
    chooseFile(m_path);
    m_isAgain = true;
}

void ImportDialog::showReading(const ImportReading& reading)
{
    if (m_step != Step::Reading) return;
    m_reading = reading;
    m_entries.setReading(reading);
    m_report.setLines(reading.imported.lines);
    if (!reading.problem.isEmpty()) {
        showProblem(reading.problem);
        setStep(Step::Choosing);
        return;
    }
    hideMessage();
    setStep(Step::Found);
    const bool nothing = m_entries.rowCount() == 0;
    m_views->setCurrent(nothing ? 1 : 0);
    m_stack->setCurrentIndex(nothing ? 1 : 0);
    showCount();
    showKeys();
    if (nothing)
        showMessage(tr("There is nothing in it to be added. The lines say why."), QStringLiteral("info"),
                    "muted");
    else if (m_isAgain)
        showMessage(
            tr("The configuration has changed meanwhile, so the file was read again. Look once more."),
            QStringLiteral("info"), "warning");
    m_entryTable->setCurrentIndex(m_entries.index(0, 0));
}

void ImportDialog::showSaving()
{
    setStep(Step::Saving);
    showProgress(tr("Adding what was chosen…"));
}

void ImportDialog::showFailure(const QString& problem)
{
    showProblem(problem);
    setStep(Step::Found);
}

void ImportDialog::setStep(Step step)
{
    m_step = step;
    setBusy(step == Step::Reading || step == Step::Saving);
    m_choose->setEnabled(step != Step::Saving && step != Step::Reading);
    m_found->setVisible(step == Step::Found || step == Step::Saving);
    m_found->setEnabled(step != Step::Saving);
    acceptButton()->setEnabled(step == Step::Found && m_entries.takenCount() > 0);
}

void ImportDialog::showCount()
{
    const int taken = m_entries.takenCount(), all = m_entries.rowCount();
    const int mapped = m_report.mappedCount(), left = m_report.rowCount() - mapped;
    m_summary->setText(
        tr("%1: %2 of %3 are added. %Ln line(s) could not be taken over.", nullptr, left)
            .arg(QString::fromUtf8(
                gateway::importKindName(m_reading.imported.kind).data(),
                static_cast<qsizetype>(gateway::importKindName(m_reading.imported.kind).size())))
            .arg(taken)
            .arg(all));
    acceptButton()->setEnabled(m_step == Step::Found && taken > 0);
}

void ImportDialog::showKeys()
{
    QStringList held, missing;
    const gateway::Config config = importedConfig(m_reading, m_entries.chosen());
    for (const gateway::ImportedSecret& secret : neededSecrets(m_reading, config)) {
        (secret.value.empty() ? missing : held).append(QString::fromStdString(secret.name));
    }
    QStringList lines;
    if (!held.isEmpty())
        lines.append(tr("Keys in the file go into the keychain as: %1").arg(held.join(QStringLiteral(", "))));
    if (!missing.isEmpty())
        lines.append(tr("Not in the file, so enter them on the page Providers: %1")
                         .arg(missing.join(QStringLiteral(", "))));
    m_keys->setText(lines.join(QLatin1Char('\n')));
    m_keys->setVisible(!lines.isEmpty());
}

void ImportDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (m_step != Step::Saving && !droppedFile(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void ImportDialog::dropEvent(QDropEvent* event)
{
    const QString path = droppedFile(*event->mimeData());
    if (path.isEmpty()) return;
    event->acceptProposedAction();
    chooseFile(path);
}

} // namespace ui
