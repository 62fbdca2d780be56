// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace e2e {

/// With ' for ": moc loses its way in raw strings.
inline QByteArray quoted(QByteArray text)
{
    return text.replace("'", "\"");
}

/// A provider's whole answer in OpenAI's shape.
inline QByteArray completion()
{
    return quoted("{'id':'c','object':'chat.completion','created':1,'model':'m','choices':[{'index':0,"
                  "'message':{'role':'assistant','content':'Hello.'},'finish_reason':'stop'}],"
                  "'usage':{'prompt_tokens':1,'completion_tokens':1,'total_tokens':2}}");
}

} // namespace e2e
