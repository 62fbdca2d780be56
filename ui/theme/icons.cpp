// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/icons.h"

#include <QAbstractButton>
#include <QFile>
#include <QLabel>
#include <QPainter>
#include <QSvgRenderer>

#include "theme/theme.h"

namespace ui {
namespace {

constexpr const char* kBinding = "iconBinding";

QByteArray iconSource(const QString& name)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qWarning("There is no icon %s.", qUtf8Printable(name));
        return {};
    }
    return file.readAll();
}

QPixmap render(const QByteArray& svg, QSize size, int drawnWidth, qreal ratio)
{
    QPixmap pixmap(size * ratio);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svg);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(0, 0, drawnWidth * ratio, size.height() * ratio));
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

QByteArray tinted(const QString& name, const QColor& color)
{
    QByteArray svg = iconSource(name);
    svg.replace("currentColor", color.name().toLatin1());
    svg.replace("stroke-width=\"2\"", "stroke-width=\"1.75\"");
    return svg;
}

// A push button puts 4 px between icon and text, too little here: the rest is transparent canvas.
QIcon buttonIcon(const ButtonIcon& icon, bool withText)
{
    const int margin = withText ? 4 : 0;
    const QSize size(icon.size + margin, icon.size);
    QIcon result;
    const auto add = [&](const char* token, QIcon::Mode mode, QIcon::State state) {
        const QByteArray svg = tinted(icon.name, Theme::instance().color(token));
        for (const qreal ratio : {1.0, 2.0}) {
            result.addPixmap(render(svg, size, icon.size, ratio), mode, state);
        }
    };
    add(icon.token, QIcon::Normal, QIcon::Off);
    add(icon.checkedToken, QIcon::Normal, QIcon::On);
    add("section", QIcon::Disabled, QIcon::Off);
    return result;
}

// One connection per widget, held by a child object, so that a new icon replaces the old binding.
QObject* freshBinding(QWidget* widget)
{
    delete widget->findChild<QObject*>(QLatin1String(kBinding), Qt::FindDirectChildrenOnly);
    auto* binding = new QObject(widget);
    binding->setObjectName(QLatin1String(kBinding));
    return binding;
}

} // namespace

QPixmap iconPixmap(const QString& name, const QColor& color, int size, qreal ratio)
{
    return render(tinted(name, color), QSize(size, size), size, ratio);
}

void setButtonIcon(QAbstractButton* button, const ButtonIcon& icon)
{
    const auto paint = [button, icon] {
        const bool withText = !button->text().isEmpty();
        button->setIcon(buttonIcon(icon, withText));
        button->setIconSize(QSize(icon.size + (withText ? 4 : 0), icon.size));
    };
    QObject::connect(&Theme::instance(), &Theme::changed, freshBinding(button), paint);
    paint();
}

void setLabelIcon(QLabel* label, const QString& name, const char* token, int size)
{
    const auto paint = [label, name, token, size] {
        label->setPixmap(iconPixmap(name, Theme::instance().color(token), size));
    };
    QObject::connect(&Theme::instance(), &Theme::changed, freshBinding(label), paint);
    paint();
}

QIcon applicationIcon()
{
    const QByteArray svg = iconSource(QStringLiteral("turnpike"));
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48, 64, 128, 256}) {
        icon.addPixmap(render(svg, QSize(size, size), size, 1.0));
    }
    return icon;
}

} // namespace ui
