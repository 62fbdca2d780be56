<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>ui::CacheAnswers</name>
    <message numerus="yes">
        <source>%Ln answer(s) purged</source>
        <translation>
            <numerusform>%Ln answer purged</numerusform>
            <numerusform>%Ln answers purged</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::CatalogUpdateDialog</name>
    <message numerus="yes">
        <source>Nothing differs from the list in force; %Ln model(s) were compared.</source>
        <translation>
            <numerusform>Nothing differs from the list in force; %Ln model was compared.</numerusform>
            <numerusform>Nothing differs from the list in force; %Ln models were compared.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln difference(s)</source>
        <translation>
            <numerusform>%Ln difference</numerusform>
            <numerusform>%Ln differences</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln model(s) read.</source>
        <translation>
            <numerusform>%Ln model read.</numerusform>
            <numerusform>%Ln models read.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) that cannot be right are left out.</source>
        <translation>
            <numerusform>%Ln row that cannot be right is left out.</numerusform>
            <numerusform>%Ln rows that cannot be right are left out.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ConditionDraft</name>
    <message numerus="yes">
        <source>It has more than %Ln condition(s).</source>
        <translation>
            <numerusform>It has more than %Ln condition.</numerusform>
            <numerusform>It has more than %Ln conditions.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>none of %Ln condition(s)</source>
        <translation>
            <numerusform>none of %Ln condition</numerusform>
            <numerusform>none of %Ln conditions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln condition(s)</source>
        <translation>
            <numerusform>%Ln condition</numerusform>
            <numerusform>%Ln conditions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::DryRunText</name>
    <message numerus="yes">
        <source>Read as %1, about %Ln token(s).</source>
        <translation>
            <numerusform>Read as %1, about %Ln token.</numerusform>
            <numerusform>Read as %1, about %Ln tokens.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::Format</name>
    <message numerus="yes">
        <source>%Ln day(s) ago</source>
        <translation>
            <numerusform>%Ln day ago</numerusform>
            <numerusform>%Ln days ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::DrySource</name>
    <message numerus="yes">
        <source>%1 · %2 · %Ln token(s)</source>
        <translation>
            <numerusform>%1 · %2 · %Ln token</numerusform>
            <numerusform>%1 · %2 · %Ln tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::FoundServers</name>
    <message numerus="yes">
        <source>%Ln model(s)</source>
        <translation>
            <numerusform>%Ln model</numerusform>
            <numerusform>%Ln models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::GatewayStatus</name>
    <message numerus="yes">
        <source>%Ln request(s)</source>
        <translation>
            <numerusform>%Ln request</numerusform>
            <numerusform>%Ln requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s) could not be logged.</source>
        <translation>
            <numerusform>%Ln request could not be logged.</numerusform>
            <numerusform>%Ln requests could not be logged.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other provider(s) fail too.</source>
        <translation>
            <numerusform>%Ln other provider fails too.</numerusform>
            <numerusform>%Ln other providers fail too.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::HomePage</name>
    <message numerus="yes">
        <source>%Ln request(s) in all</source>
        <translation>
            <numerusform>%Ln request in all</numerusform>
            <numerusform>%Ln requests in all</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ImportDialog</name>
    <message numerus="yes">
        <source>%1: %2 of %3 are added. %Ln line(s) could not be taken over.</source>
        <translation>
            <numerusform>%1: %2 of %3 are added. %Ln line could not be taken over.</numerusform>
            <numerusform>%1: %2 of %3 are added. %Ln lines could not be taken over.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::LatencyChart</name>
    <message numerus="yes">
        <source>%Ln request(s)</source>
        <translation>
            <numerusform>%Ln request</numerusform>
            <numerusform>%Ln requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ModelActions</name>
    <message numerus="yes">
        <source>%Ln model(s) exposed</source>
        <translation>
            <numerusform>%Ln model exposed</numerusform>
            <numerusform>%Ln models exposed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln model(s) hidden</source>
        <translation>
            <numerusform>%Ln model hidden</numerusform>
            <numerusform>%Ln models hidden</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ModelsPage</name>
    <message numerus="yes">
        <source>%Ln model(s)</source>
        <translation>
            <numerusform>%Ln model</numerusform>
            <numerusform>%Ln models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>of %Ln provider(s)</source>
        <translation>
            <numerusform>of %Ln provider</numerusform>
            <numerusform>of %Ln providers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ProviderHealth</name>
    <message numerus="yes">
        <source>%1. %Ln of %2 keys set aside; see Keys.</source>
        <translation>
            <numerusform>%1. %Ln of %2 keys is set aside; see Keys.</numerusform>
            <numerusform>%1. %Ln of %2 keys are set aside; see Keys.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ProviderListModel</name>
    <message numerus="yes">
        <source>%1 of %Ln key(s)</source>
        <translation>
            <numerusform>%1 of %Ln key</numerusform>
            <numerusform>%1 of %Ln keys</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ProviderText</name>
    <message numerus="yes">
        <source>keeps it %n day(s)</source>
        <translation>
            <numerusform>keeps it %n day</numerusform>
            <numerusform>keeps it %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln model(s)</source>
        <translation>
            <numerusform>%Ln model</numerusform>
            <numerusform>%Ln models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ProvidersPage</name>
    <message numerus="yes">
        <source>%Ln provider(s) answered</source>
        <translation>
            <numerusform>%Ln provider answered</numerusform>
            <numerusform>%Ln providers answered</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::PurgeDialog</name>
    <message numerus="yes">
        <source>%Ln answer(s) will be forgotten. This cannot be undone.</source>
        <translation>
            <numerusform>%Ln answer will be forgotten. This cannot be undone.</numerusform>
            <numerusform>%Ln answers will be forgotten. This cannot be undone.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::QuestionText</name>
    <message numerus="yes">
        <source>%Ln more request(s) wait with it.</source>
        <translation>
            <numerusform>%Ln more request waits with it.</numerusform>
            <numerusform>%Ln more requests wait with it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s)</source>
        <translation>
            <numerusform>%Ln request</numerusform>
            <numerusform>%Ln requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::Replay</name>
    <message numerus="yes">
        <source>For %Ln request(s) the body was not kept: stand-ins of the same size.</source>
        <translation>
            <numerusform>For %Ln request the body was not kept: a stand-in of the same size.</numerusform>
            <numerusform>For %Ln requests the body was not kept: stand-ins of the same size.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s) had no answer and are not in the sums.</source>
        <translation>
            <numerusform>%Ln request had no answer and is not in the sums.</numerusform>
            <numerusform>%Ln requests had no answer and are not in the sums.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s) are not in the sums: no price is known where they would go.</source>
        <translation>
            <numerusform>%Ln request is not in the sums: no price is known where it would go.</numerusform>
            <numerusform>%Ln requests are not in the sums: no price is known where they would go.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>None of the last %Ln request(s) had an answer.</source>
        <translation>
            <numerusform>The last %Ln request had no answer.</numerusform>
            <numerusform>None of the last %Ln requests had an answer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All of the last %Ln answered request(s) would go where they went.</source>
        <translation>
            <numerusform>The last %Ln answered request would go where it went.</numerusform>
            <numerusform>All of the last %Ln answered requests would go where they went.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of the last %Ln answered request(s) would go elsewhere.</source>
        <translation>
            <numerusform>%1 of the last %Ln answered request would go elsewhere.</numerusform>
            <numerusform>%1 of the last %Ln answered requests would go elsewhere.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RequestsPage</name>
    <message numerus="yes">
        <source>%Ln request(s)</source>
        <translation>
            <numerusform>%Ln request</numerusform>
            <numerusform>%Ln requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>▲ %Ln new</source>
        <translation>
            <numerusform>▲ %Ln new</numerusform>
            <numerusform>▲ %Ln new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show %Ln new request(s)</source>
        <translation>
            <numerusform>Show %Ln new request</numerusform>
            <numerusform>Show %Ln new requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RouteGraph</name>
    <message numerus="yes">
        <source>%Ln target(s)</source>
        <translation>
            <numerusform>%Ln target</numerusform>
            <numerusform>%Ln targets</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RouteImporting</name>
    <message numerus="yes">
        <source>%Ln route(s) and alias(es) imported</source>
        <translation>
            <numerusform>%Ln route or alias imported</numerusform>
            <numerusform>%Ln routes and aliases imported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RouteEditor</name>
    <message numerus="yes">
        <source>All %Ln test(s) passed.</source>
        <translation>
            <numerusform>The test passed.</numerusform>
            <numerusform>All %Ln tests passed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not applied: %Ln test(s) failed.</source>
        <translation>
            <numerusform>Not applied: %Ln test failed.</numerusform>
            <numerusform>Not applied: %Ln tests failed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln test(s) failed.</source>
        <translation>
            <numerusform>%Ln test failed.</numerusform>
            <numerusform>%Ln tests failed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RouteTargetRow</name>
    <message numerus="yes">
        <source>When: %Ln condition(s)</source>
        <translation>
            <numerusform>When: %Ln condition</numerusform>
            <numerusform>When: %Ln conditions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RouteText</name>
    <message numerus="yes">
        <source>%Ln target(s)</source>
        <translation>
            <numerusform>%Ln target</numerusform>
            <numerusform>%Ln targets</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RouteVersions</name>
    <message numerus="yes">
        <source>%Ln target(s) added</source>
        <translation>
            <numerusform>%Ln target added</numerusform>
            <numerusform>%Ln targets added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln target(s) removed</source>
        <translation>
            <numerusform>%Ln target removed</numerusform>
            <numerusform>%Ln targets removed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln weight(s) changed</source>
        <translation>
            <numerusform>%Ln weight changed</numerusform>
            <numerusform>%Ln weights changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln target(s) changed</source>
        <translation>
            <numerusform>%Ln target changed</numerusform>
            <numerusform>%Ln targets changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::SideBar</name>
    <message numerus="yes">
        <source>%Ln failed request(s) since you last looked</source>
        <translation>
            <numerusform>%Ln failed request since you last looked</numerusform>
            <numerusform>%Ln failed requests since you last looked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln provider(s) failing</source>
        <translation>
            <numerusform>%Ln provider failing</numerusform>
            <numerusform>%Ln providers failing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln unread alert(s)</source>
        <translation>
            <numerusform>%Ln unread alert</numerusform>
            <numerusform>%Ln unread alerts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::SimulateButton</name>
    <message numerus="yes">
        <source>Simulate: %Ln</source>
        <translation>
            <numerusform>Simulate: %Ln</numerusform>
            <numerusform>Simulate: %Ln</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::TargetStanding</name>
    <message numerus="yes">
        <source>%Ln request(s) in a row failed</source>
        <translation>
            <numerusform>%Ln request in a row failed</numerusform>
            <numerusform>%Ln requests in a row failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>but its last %Ln request(s) failed</source>
        <translation>
            <numerusform>but its last request failed</numerusform>
            <numerusform>but its last %Ln requests failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RecalculateDialog</name>
    <message numerus="yes">
        <source>Putting prices on %Ln request(s). This goes on if you close the dialog.</source>
        <translation>
            <numerusform>Putting a price on %Ln request. This goes on if you close the dialog.</numerusform>
            <numerusform>Putting prices on %Ln requests. This goes on if you close the dialog.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s) without price</source>
        <translation>
            <numerusform>%Ln request without price</numerusform>
            <numerusform>%Ln requests without price</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s) have a price now</source>
        <translation>
            <numerusform>%Ln request has a price now</numerusform>
            <numerusform>%Ln requests have a price now</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s) still have none.</source>
        <translation>
            <numerusform>%Ln request still has none.</numerusform>
            <numerusform>%Ln requests still have none.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ReconcileDialog</name>
    <message numerus="yes">
        <source>%Ln figure(s), all equal.</source>
        <translation>
            <numerusform>%Ln figure, equal.</numerusform>
            <numerusform>%Ln figures, all equal.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln figure(s), of which %1 differ.</source>
        <translation>
            <numerusform>%Ln figure, of which %1 differs.</numerusform>
            <numerusform>%Ln figures, of which %1 differ.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln line(s) were skipped: there was nothing known to do with them.</source>
        <translation>
            <numerusform>%Ln line was skipped: there was nothing known to do with it.</numerusform>
            <numerusform>%Ln lines were skipped: there was nothing known to do with them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::UsageDialogs</name>
    <message numerus="yes">
        <source>%Ln request(s) have a price now</source>
        <translation>
            <numerusform>%Ln request has a price now</numerusform>
            <numerusform>%Ln requests have a price now</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::UsageTable</name>
    <message numerus="yes">
        <source>%Ln request(s) without price</source>
        <translation>
            <numerusform>%Ln request without price</numerusform>
            <numerusform>%Ln requests without price</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::UsageTableModel</name>
    <message numerus="yes">
        <source>%Ln other(s)</source>
        <translation>
            <numerusform>%Ln other</numerusform>
            <numerusform>%Ln others</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln request(s) without a known price are not in it</source>
        <translation>
            <numerusform>%Ln request without a known price is not in it</numerusform>
            <numerusform>%Ln requests without a known price are not in it</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::UsageText</name>
    <message numerus="yes">
        <source>%Ln request(s)</source>
        <translation>
            <numerusform>%Ln request</numerusform>
            <numerusform>%Ln requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::UsageTiles</name>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
</context>
</TS>
