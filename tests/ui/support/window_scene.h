// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "main_window.h"
#include "ui/support/window_scenes.h"

class QDialog;

namespace ui {

class FakeLink;

/// Lets queued answers, layouts and deletions happen.
void settleScene();

/// A window of the album's size over a made-up gateway, and what a person does in it.
class Scene {
public:
    Scene(const Album& album, Preferences& preferences, FakeLink& link);

    [[nodiscard]] MainWindow& window() { return m_window; }
    void shoot(const char* name) { m_album.shoot(m_window, QLatin1String(name)); }
    void open(const char* page, const char* what = nullptr);
    void press(const char* objectName) { press(m_window, objectName); }
    /// The visible button of that name; where several are, the one with that text.
    static void press(QWidget& root, const char* objectName, const QString& name = {});
    void type(const char* objectName, const QString& text) { type(m_window, objectName, text); }
    static void type(QWidget& root, const char* objectName, const QString& text);
    void tab(const char* name) { press(m_window, "segmentButton", QLatin1String(name)); }
    void scroll(double share);
    void selectRow(const char* table, int row);
    void selectProvider(int row) { selectIn("providersList", row); }
    void selectIn(const char* list, int row);
    [[nodiscard]] bool isVisible(const char* objectName) const;
    /// What another thread does has its time, but not for ever.
    static void waitUntil(const std::function<bool()>& holds);
    /// The dialog on top; closed by the next call of closeDialog().
    [[nodiscard]] QDialog& dialog();
    void shootDialog(const char* name);
    void closeDialog();

private:
    const Album& m_album;
    MainWindow m_window;
};

/// The page Keys & budgets in its states.
void shootKeys(Scene& scene, FakeLink& link);
/// The page Cache in its states.
void shootCache(Scene& scene, FakeLink& link);
/// The page Guardrails in its states.
void shootGuardrails(Scene& scene, FakeLink& link);
/// What is added to prompts: in routes, and as presets.
void shootPrompts(Scene& scene, FakeLink& link);
/// The page Usage in its states, and its dialogs.
void shootUsage(Scene& scene, FakeLink& link);
/// The page Routes in its states.
void shootRoutes(Scene& scene, FakeLink& link);
/// Its dry run and the tests of a route.
void shootRouteTests(Scene& scene);

} // namespace ui
