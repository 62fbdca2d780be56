// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/provider_list_model.h"
#include "models/provider_tests.h"
#include "pages/page.h"

class QListView;
class QStackedWidget;

namespace ui {

class AddProviderDialog;
class EmptyState;
class FoundServers;
class ProviderDetail;
struct FoundServer;
struct ProviderDraft;

/// The companies and local servers whose models can be called, and their keys.
class ProvidersPage : public Page {
    Q_OBJECT

public:
    explicit ProvidersPage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;
    /// "add": opens the dialog for a new provider; else the name of the provider to show.
    void open(const QVariant& what) override;
    void addNew() override { addProvider(); }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildHeader(QVBoxLayout* all);
    void buildBody(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildList();
    void bindDetail();
    void bindTests();
    void showState();
    void showSelected();
    void addProvider();
    void addKey();
    void removeKey(const gateway::ProviderKeyId& key);
    void removeProvider();
    void changeProvider(const gateway::ProviderConfig& next, const QString& done);
    void addServer(const FoundServer& server);
    void testAll();
    void showProgress();
    void showTest(const gateway::ProviderId& provider);
    void runDraft(AddProviderDialog* dialog, const ProviderDraft& draft);
    void testDraft(AddProviderDialog* dialog, const ProviderDraft& draft);
    [[nodiscard]] gateway::ProviderId selectedId() const;

    PageContext m_context;
    ProviderListModel m_model;
    QStackedWidget* m_stack = nullptr;
    QListView* m_list = nullptr;
    ProviderDetail* m_detail = nullptr;
    EmptyState* m_empty = nullptr;
    FoundServers* m_found = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_find = nullptr;
    QPushButton* m_testAll = nullptr;
    ProviderTests m_tests;
};

} // namespace ui
