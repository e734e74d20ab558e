# pushbench_version: the version and the commit that every result carries. The commit is read at
# configure time; "unknown" outside a git checkout.
find_package(Git QUIET)
set(PUSHBENCH_COMMIT "unknown")
if(GIT_FOUND)
  execute_process(COMMAND "${GIT_EXECUTABLE}" -C "${PROJECT_SOURCE_DIR}" rev-parse --short=12 HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(PUSHBENCH_COMMIT "${commit}")
  endif()
  # A new commit must reach the next build without a hand-made reconfigure.
  if(EXISTS "${PROJECT_SOURCE_DIR}/.git/logs/HEAD")
    set_property(DIRECTORY APPEND PROPERTY
      CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/.git/logs/HEAD")
  endif()
endif()
add_library(pushbench_version INTERFACE)
