// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/support/fake_link.h"
#include "ui/support/window_scene.h"

namespace ui {

void shootCache(Scene& scene, FakeLink& link)
{
    const gateway::Config before = *link.config();
    const gateway::ActivitySnapshot activity = link.activity();
    scene.open("cache");
    scene.shoot("cache-empty");
    scene.open("cache", "settings");
    scene.shoot("cache-routes-off");
    link.makeUpCache();
    settleScene();
    scene.shoot("cache-routes");
    scene.scroll(1);
    scene.shoot("cache-room");
    scene.tab("Answers");
    scene.shoot("cache");
    scene.selectRow("cachedAnswersTable", 1);
    scene.shoot("cache-detail");
    scene.press("purgeThisButton");
    scene.shootDialog("cache-purge-one");
    scene.closeDialog();
    scene.press("closeCachedButton");
    scene.press("purgeButton");
    scene.shootDialog("cache-purge");
    scene.closeDialog();
    link.kept.clear();
    link.setConfig(before);
    link.setActivity(activity);
}

} // namespace ui
