// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>

#include "models/provider_list_model.h"
#include "pages/page.h"

class QListView;
class QStackedWidget;

namespace ui {

class AddProviderDialog;
class EmptyState;
class ProviderDetail;
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

private:
    [[nodiscard]] QWidget* buildList();
    void showState();
    void showSelected();
    void addProvider();
    void addKey();
    void removeKey(const gateway::ProviderKeyId& key);
    void removeProvider();
    void testProvider();
    void stopTest();
    void runDraft(AddProviderDialog* dialog, const ProviderDraft& draft);
    void testDraft(AddProviderDialog* dialog, const ProviderDraft& draft);
    [[nodiscard]] gateway::ProviderId selectedId() const;

    PageContext m_context;
    ProviderListModel m_model;
    QStackedWidget* m_stack = nullptr;
    QListView* m_list = nullptr;
    ProviderDetail* m_detail = nullptr;
    EmptyState* m_empty = nullptr;
    QPushButton* m_add = nullptr;
    QFuture<gateway::ProviderTest> m_test; // the one whose answer is waited for
    int m_testNumber = 0;
};

} // namespace ui
