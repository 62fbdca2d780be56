// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_card.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QAbstractAxis>
#include <QAbstractSeries>
#include <QAction>
#include <QBarCategoryAxis>
#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QGraphicsLineItem>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QStackedLayout>
#include <QToolTip>
#include <QVBoxLayout>
#include <QValueAxis>

#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/flow_layout.h"

namespace ui {
namespace {

constexpr int kChartHeight = 224;
constexpr int kLegendWidth = 150;
constexpr int kValueNames = 58; // what the names of the values take on the left
constexpr double kLabelGap = 11;
constexpr double kMostNames = 7;
constexpr int kDotGap = 3;

// `gap`: what is left free on its right.
QPixmap legendDot(const QColor& color, bool hollow = false, int gap = 0)
{
    constexpr int kSize = 8;
    QPixmap pixmap((kSize + gap) * 2, kSize * 2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hollow ? QPen(color, 3) : QPen(Qt::NoPen));
    painter.setBrush(hollow ? QBrush(Qt::NoBrush) : QBrush(color));
    const double inset = hollow ? 1.5 : 0;
    painter.drawEllipse(QRectF(0, 0, kSize * 2, kSize * 2).adjusted(inset, inset, -inset, -inset));
    painter.end();
    pixmap.setDevicePixelRatio(2);
    return pixmap;
}

QFont axisFont()
{
    QFont font(QStringLiteral("Inter"));
    font.setPixelSize(11);
    return font;
}

} // namespace

int axisDecimals(double top)
{
    double step = top / 4.0;
    for (int decimals = 0; decimals < 6; ++decimals) {
        if (std::abs(step - std::round(step)) < 1e-6) return decimals;
        step *= 10.0;
    }
    return 6;
}

ChartCard::ChartCard(const QString& title, const QString& nothingText, QWidget* parent)
    : QFrame(parent)
    , m_head(row(16))
    , m_title(makeLabel(title, "h2"))
    , m_legend(new QWidget)
    , m_view(new QChartView)
    , m_nothing(makeLabel(tr("Reading…"), "muted"))
    , m_nothingText(nothingText)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 14, 16, 10}, 8);
    m_head->addWidget(m_title);
    m_head->addStretch();
    m_legend->setProperty("role", QStringLiteral("clear"));
    new FlowLayout(14, 4, m_legend);
    m_head->addWidget(m_legend);
    all->addLayout(m_head);

    auto* body = new QWidget;
    body->setProperty("role", QStringLiteral("clear"));
    auto* stack = new QStackedLayout(body);
    stack->setStackingMode(QStackedLayout::StackAll);
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setAttribute(Qt::WA_TransparentForMouseEvents);
    buildChart(title);
    stack->addWidget(m_view);
    stack->addWidget(m_nothing);
    all->addWidget(body, 1);
    m_redraw.setSingleShot(true);
    connect(&m_redraw, &QTimer::timeout, this, [this] {
        if (m_drawn) repaintChart();
    });
    connect(&Theme::instance(), &Theme::changed, &m_redraw, qOverload<>(&QTimer::start));
}

void ChartCard::setTitle(const QString& title)
{
    m_title->setText(title);
    m_view->setAccessibleName(title);
}

void ChartCard::buildChart(const QString& title)
{
    m_view->setAccessibleName(title);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setRenderHint(QPainter::Antialiasing);
    m_view->setBackgroundBrush(Qt::NoBrush);
    m_view->setStyleSheet(QStringLiteral("background: transparent;"));
    m_view->setFocusPolicy(Qt::TabFocus);
    m_view->setMinimumHeight(kChartHeight);
    m_view->viewport()->setMouseTracking(true);
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    QChart* plain = m_view->chart();
    plain->setBackgroundVisible(false);
    plain->setMargins({});
    plain->setContentsMargins(0, 0, 0, 0);
    plain->layout()->setContentsMargins(0, 0, 0, 0);
    plain->legend()->hide();
    plain->setAnimationOptions(QChart::NoAnimation);
    plain->setLocale(QLocale());
    plain->setLocalizeNumbers(true);
    m_marker = new QGraphicsLineItem(plain);
    m_marker->setZValue(100);
    m_marker->hide();
}

QChart* ChartCard::chart() const
{
    return m_view->chart();
}

void ChartCard::clearChart(bool empty)
{
    m_drawn = true;
    hidePoint();
    m_points.clear();
    chart()->removeAllSeries();
    const auto axes = chart()->axes();
    for (QAbstractAxis* axis : axes) {
        chart()->removeAxis(axis);
        delete axis;
    }
    m_nothing->setText(m_nothingText);
    m_nothing->setVisible(empty);
}

void ChartCard::clearLegend()
{
    m_switches.clear();
    while (QLayoutItem* item = m_legend->layout()->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void ChartCard::setLegend(const std::vector<LegendEntry>& entries)
{
    clearLegend();
    for (const LegendEntry& entry : entries) {
        auto* holder = new QWidget;
        holder->setProperty("role", QStringLiteral("clear"));
        auto* line = new QHBoxLayout(holder);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(6);
        auto* dot = new QLabel;
        dot->setPixmap(legendDot(Theme::instance().color(entry.token.constData())));
        ElidedLabel* name = makeElided("muted");
        name->setText(entry.name);
        name->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
        name->setMaximumWidth(kLegendWidth);
        line->addWidget(dot);
        line->addWidget(name);
        m_legend->layout()->addWidget(holder);
        holder->show(); // At once: hidden, it would count for nothing in the width.
    }
    placeLegend();
}

// As they are pressed while the chart is drawn anew, buttons are made anew only where their number changes.
void ChartCard::setSwitches(const std::vector<LegendEntry>& entries)
{
    if (m_switches.size() != entries.size()) {
        clearLegend();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            m_switches.push_back(makeSwitch(entries[i], static_cast<int>(i)));
        }
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const LegendEntry& entry = entries[i];
        QPushButton* button = m_switches[i];
        button->ensurePolished(); // Its font is that of the style sheet.
        const QString name = button->fontMetrics().elidedText(entry.name, Qt::ElideMiddle, kLegendWidth);
        button->setText(asButtonText(name));
        button->setAccessibleName(entry.name);
        button->setIcon(legendDot(Theme::instance().color(entry.token.constData()), entry.hidden, kDotGap));
        button->setChecked(!entry.hidden);
        setLook(button, "off", entry.hidden ? QStringLiteral("true") : QString());
        button->setToolTip(plainToolTip(entry.hidden ? tr("%1: hidden, press to show").arg(entry.name)
                                                     : tr("%1: press to hide").arg(entry.name)));
    }
    placeLegend();
}

QPushButton* ChartCard::makeSwitch(const LegendEntry& entry, int index)
{
    QPushButton* button = makeButton(asButtonText(entry.name), "legend", {}, "legendButton");
    button->setCheckable(true);
    button->setIconSize(QSize(8 + kDotGap, 8));
    button->setAccessibleDescription(tr("shown in the chart %1").arg(m_title->text()));
    connect(button, &QPushButton::clicked, this, [this, index] { onLegend(index); });
    m_legend->layout()->addWidget(button);
    button->show(); // At once: hidden, it would count for nothing in the width.
    return button;
}

void ChartCard::offerExport()
{
    auto* picture = new QAction(tr("Save picture…"), this);
    auto* figures = new QAction(tr("Copy figures as CSV"), this);
    connect(picture, &QAction::triggered, this, &ChartCard::pictureWanted);
    connect(figures, &QAction::triggered, this, &ChartCard::figuresWanted);
    for (QWidget* widget : {static_cast<QWidget*>(this), static_cast<QWidget*>(m_view)}) {
        widget->addActions({picture, figures});
        widget->setContextMenuPolicy(Qt::ActionsContextMenu);
    }
}

void ChartCard::placeLegend()
{
    const int needed =
        m_title->sizeHint().width() + m_head->spacing() + m_legend->layout()->sizeHint().width();
    const QMargins margins = layout()->contentsMargins();
    const bool beside = needed <= width() - margins.left() - margins.right();
    const bool isBeside = m_head->indexOf(m_legend) >= 0;
    if (beside == isBeside) return;
    if (beside) {
        m_head->addWidget(m_legend);
    } else {
        static_cast<QVBoxLayout*>(layout())->insertWidget(1, m_legend);
    }
}

void ChartCard::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    hidePoint();
    placeLegend();
    m_redraw.start();
}

double ChartCard::plotWidth() const
{
    return std::max(1, m_view->width() - kValueNames);
}

double ChartCard::labelWidth(const QString& text)
{
    return QFontMetricsF(axisFont()).horizontalAdvance(text) + kLabelGap;
}

bool ChartCard::fitsAt(double share, const QString& text) const
{
    return share * plotWidth() + (labelWidth(text) - kLabelGap) / 2.0 <= plotWidth();
}

void ChartCard::setDescription(const QString& figures)
{
    m_description = figures;
    m_view->setAccessibleDescription(figures);
}

void ChartCard::setPoints(std::vector<ChartPoint> points)
{
    m_points = std::move(points);
}

bool ChartCard::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::MouseMove:
        showPoint(pointNear(static_cast<QMouseEvent*>(event)->position().x()));
        break;
    case QEvent::Leave:
        hidePoint();
        break;
    case QEvent::KeyPress:
        if (watched == m_view && onKey(static_cast<QKeyEvent*>(event)->key())) return true;
        break;
    case QEvent::FocusIn:
    case QEvent::FocusOut:
        if (watched != m_view) break;
        setLook(this, "ring", event->type() == QEvent::FocusIn ? QStringLiteral("true") : QString());
        hidePoint();
        break;
    default:
        break;
    }
    return QFrame::eventFilter(watched, event);
}

bool ChartCard::onKey(int key)
{
    const auto last = static_cast<int>(m_points.size()) - 1;
    if (last < 0) return false;
    switch (key) {
    case Qt::Key_Left:
        showPoint(m_shown < 0 ? last : std::max(0, m_shown - 1));
        return true;
    case Qt::Key_Right:
        showPoint(m_shown < 0 ? 0 : std::min(last, m_shown + 1));
        return true;
    case Qt::Key_Home:
        showPoint(0);
        return true;
    case Qt::Key_End:
        showPoint(last);
        return true;
    default:
        return false;
    }
}

int ChartCard::pointNear(double viewX) const
{
    const QRectF plot = chart()->plotArea();
    if (m_points.empty() || plot.width() <= 0) return -1;
    const double share = (viewX - plot.left()) / plot.width();
    const auto nearest =
        std::min_element(m_points.begin(), m_points.end(), [share](const ChartPoint& a, const ChartPoint& b) {
            return std::abs(a.share - share) < std::abs(b.share - share);
        });
    return static_cast<int>(nearest - m_points.begin());
}

void ChartCard::showPoint(int index)
{
    if (index < 0 || index >= static_cast<int>(m_points.size()) || index == m_shown) return;
    m_shown = index;
    const ChartPoint& point = m_points[static_cast<std::size_t>(index)];
    const QRectF plot = chart()->plotArea();
    const double x = plot.left() + point.share * plot.width();
    m_marker->setPen(QPen(Theme::instance().color("muted"), 1, Qt::DashLine));
    m_marker->setLine(x, plot.top(), x, plot.bottom());
    m_marker->show();
    const QPoint place = m_view->viewport()->mapToGlobal(QPointF(x + 4, plot.top()).toPoint());
    QToolTip::showText(place, plainToolTip(point.text), m_view->viewport());
    QString spoken = point.text;
    m_view->setAccessibleDescription(spoken.replace(QLatin1Char('\n'), QLatin1String(", ")));
}

void ChartCard::hidePoint()
{
    if (m_shown < 0) return;
    m_shown = -1;
    m_marker->hide();
    QToolTip::hideText();
    m_view->setAccessibleDescription(m_description);
}

void ChartCard::styleAxis(QAbstractAxis* axis, bool withGrid) const
{
    const Theme& theme = Theme::instance();
    axis->setLabelsColor(theme.color("muted"));
    axis->setLabelsFont(axisFont());
    axis->setLineVisible(false);
    axis->setGridLineVisible(withGrid);
    axis->setGridLinePen(QPen(theme.color("border"), 1));
    axis->setMinorGridLineVisible(false);
}

// The axis that bars stand on names every bar and cuts the names to their width. It is hidden; a second one,
// with room for its names, tells the time.
void ChartCard::attachBarAxes(QAbstractSeries* series, const QStringList& names, QValueAxis* value)
{
    auto* places = new QBarCategoryAxis;
    auto* shown = new QCategoryAxis;
    shown->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    const auto count = static_cast<double>(names.size());
    shown->setRange(0, count);
    double widest = 1;
    qsizetype named = 0;
    for (const QString& name : names) {
        if (!name.isEmpty()) ++named;
        widest = std::max(widest, labelWidth(name));
    }
    const double most = std::clamp(std::floor(plotWidth() / widest), 1.0, kMostNames);
    const auto step = static_cast<qsizetype>(std::max(1.0, std::ceil(static_cast<double>(named) / most)));
    qsizetype place = 0;
    for (qsizetype i = 0; i < names.size(); ++i) {
        places->append(QString::number(i));
        if (names[i].isEmpty() || place++ % step != 0) continue;
        const double middle = static_cast<double>(i) + 0.5;
        if (!fitsAt(middle / count, names[i])) continue;
        QString name = names[i];
        while (shown->categoriesLabels().contains(name)) {
            name += QChar(0x200B); // Labels must differ; the first and the last day of eight share a name.
        }
        shown->append(name, middle);
    }
    places->setVisible(false);
    styleAxis(shown, false);
    chart()->addAxis(places, Qt::AlignBottom);
    chart()->addAxis(shown, Qt::AlignBottom);
    chart()->addAxis(value, Qt::AlignLeft);
    series->attachAxis(places);
    series->attachAxis(value);
}

QValueAxis* ChartCard::makeValueAxis(double top, const QString& prefix, const QString& suffix) const
{
    auto* axis = new QValueAxis;
    axis->setRange(0, top);
    axis->setTickCount(5);
    int decimals = axisDecimals(top);
    if (prefix == QLatin1String("$") && decimals == 1) decimals = 2; // Cents come in pairs.
    axis->setLabelFormat(QStringLiteral("%1%.%2f%3").arg(prefix).arg(decimals).arg(suffix));
    styleAxis(axis, true);
    return axis;
}

} // namespace ui
