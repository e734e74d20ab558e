# pushbench_options: language level, warnings and sanitizers of every target of ours.
# Left out on purpose: -Wnull-dereference and -Wnon-virtual-dtor, which g++ 12 raises inside the
# standard library and Boost.System at -O2.
add_library(pushbench_options INTERFACE)
target_compile_features(pushbench_options INTERFACE cxx_std_20)
target_include_directories(pushbench_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(pushbench_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Woverloaded-virtual -Wdouble-promotion -Wformat=2
  -Wimplicit-fallthrough -Wextra-semi
  $<$<BOOL:${PUSHBENCH_WERROR}>:-Werror>)
set(CMAKE_CXX_EXTENSIONS OFF)

if(PUSHBENCH_SANITIZE)
  # g++ 12 reports false uninitialised reads in instrumented library code, and takes the two halves
  # of Asio's own pair of coroutine frame functions, one of them inlined, for a mismatch.
  add_compile_options(-fsanitize=${PUSHBENCH_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all -Wno-maybe-uninitialized -Wno-mismatched-new-delete)
  # ThreadSanitizer knows no fences. Asio has some round every handler, beside the mutex that orders
  # its queue, so nothing is missed; an unknown -Wno- flag is silent for the other sanitizers.
  add_compile_options(-Wno-tsan)
  add_link_options(-fsanitize=${PUSHBENCH_SANITIZE})
endif()

if(CMAKE_UNITY_BUILD)
  # A coroutine's frame may hold what is in an anonymous namespace; g++ says that this would matter
  # in a header, and takes every file of a joined unit for one.
  add_compile_options(-Wno-subobject-linkage)
endif()
