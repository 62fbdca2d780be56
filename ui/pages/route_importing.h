// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QObject>

#include "models/config_changes.h"
#include "models/route_import.h"
#include "widgets/toast.h"

namespace ui {

class ImportDialog;

/// Opens the dialog that takes over another gateway's routes and does what it asks for: reads files, applies
/// the choice, and saves the keys that were in the file.
class RouteImporting : public QObject {
    Q_OBJECT

public:
    /// `widget` is the page: parent of the dialogs.
    RouteImporting(GatewayLink& link, ConfigChanges& changes, QWidget* widget);
    void open();

signals:
    void toastWanted(const ui::ToastText& text);

private:
    /// Keys that are still to be saved, and what went wrong with those before.
    struct Saving {
        std::vector<gateway::ImportedSecret> waiting;
        QStringList problems;
        int saved = 0;
    };
    void read(ImportDialog* dialog, const QString& path);
    void apply(ImportDialog* dialog);
    void saveNext(const std::shared_ptr<Saving>& saving);
    void undo(const ImportReading& reading);
    void forgetSecrets(const ImportReading& reading);

    GatewayLink& m_link;
    ConfigChanges& m_changes;
    QWidget* m_widget;
};

} // namespace ui
