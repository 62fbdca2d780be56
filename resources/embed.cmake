# SPDX-License-Identifier: GPL-3.0-or-later
# Writes a file as a C++ string: cmake -DINPUT=… -DOUTPUT=… -DNAME=… -P embed.cmake
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUTPUT}
"#include \"embedded.h\"
namespace {
const unsigned char k_${NAME}[] = {${bytes}0};
}
namespace gateway::embedded {
const std::string_view ${NAME}(reinterpret_cast<const char*>(k_${NAME}), sizeof k_${NAME} - 1);
}
")
