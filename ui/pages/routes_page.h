// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "gateway/snapshot.h"

#include "models/route_list_model.h"
#include "models/route_traffic.h"
#include "pages/page.h"
#include "pages/route_target_row.h"

class QListView;
class QStackedWidget;

namespace ui {

class RouteEditor;
class RouteImporting;

/// The routes: names that clients ask for as a model, and where each of them leads.
class RoutesPage : public Page {
    Q_OBJECT

public:
    explicit RoutesPage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;
    /// "add": opens the dialog for a new route; else the name of the route to show.
    void open(const QVariant& what) override;
    void addNew() override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    using Then = std::function<void()>;
    void buildBody(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildList();
    void bindEditor();
    void readModels();
    void readVersions();
    void rollBack(const gateway::RouteConfig& route, const QString& when);
    void showState();
    void showTraffic();
    void showSelected();
    void check();
    void select(int row);
    void begin(const gateway::RouteId& id, const QString& templateId);
    void addDraft(const NewRoute& route);
    void onEdited();
    void apply();
    void revert();
    void duplicate();
    void rename();
    void renameTo(const gateway::RouteId& from, const gateway::RouteId& to, const QString& done);
    void remove();
    /// On success `then` and the message, else `otherwise` and the reason.
    void applyConfig(const gateway::Config& next, const ToastText& done, const Then& then = {},
                     const Then& otherwise = {});
    void tell(const QString& problem);
    [[nodiscard]] TargetChoices choicesFor(const gateway::RouteId& id) const;
    [[nodiscard]] int selectedRow() const;

    PageContext m_context;
    RouteListModel m_model;
    RouteTraffic m_traffic;
    gateway::ModelTable m_models;
    QStackedWidget* m_stack = nullptr;
    QListView* m_list = nullptr;
    RouteEditor* m_editor = nullptr;
    QPushButton* m_add = nullptr;
    RouteImporting* m_importing = nullptr;
};

} // namespace ui
