# Most of what is compiled is tests: their own code need not be fast, and the checks of undefined
# behaviour, which double the time that it takes, are for what they test.
function(pushbench_test_options target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  if(PUSHBENCH_SANITIZE)
    target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
  endif()
endfunction()

# pushbench_shards(NAME N PROPERTIES…): the tests of test_<NAME> as N parts, one if N is empty. Each
# part writes to a folder of its own, since they run at once.
function(pushbench_shards name shards)
  if(NOT shards)
    set(shards 1)
  endif()
  foreach(shard RANGE 1 ${shards})
    set(test ${name})
    if(shards GREATER 1)
      string(APPEND test "_${shard}")
    endif()
    math(EXPR index "${shard} - 1")
    set(scratch "${CMAKE_CURRENT_BINARY_DIR}/scratch/${test}/")
    file(MAKE_DIRECTORY "${scratch}")
    add_test(NAME ${test} COMMAND test_${name} WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
    set_tests_properties(${test} PROPERTIES ${ARGN}
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${index};TEST_TMPDIR=${scratch}")
  endforeach()
endfunction()

# pushbench_room(NAME <room> DEPS <rooms and libraries> UNITS <stems>
#                [TEST_DEPS <libraries>] [LABEL <ctest label>] [SHARDS <n>])
#
# One folder = one static library pushbench_<room>, one test binary test_<room> and, where a unit
# has x_bench.cc, one microbenchmark binary bench_<room>. A unit x is x.h and/or x.cc, and must have
# x_test.cc. SHARDS splits tests that wait rather than compute, so that they wait at once.
function(pushbench_room)
  cmake_parse_arguments(ROOM "" "NAME;LABEL;SHARDS" "DEPS;UNITS;TEST_DEPS" ${ARGN})
  set(sources)
  set(tests)
  set(benches)
  foreach(unit IN LISTS ROOM_UNITS)
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${unit}.cc")
      list(APPEND sources "${unit}.cc")
    endif()
    if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${unit}_test.cc")
      message(FATAL_ERROR "unit ${ROOM_NAME}/${unit} has no ${unit}_test.cc beside it")
    endif()
    list(APPEND tests "${unit}_test.cc")
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${unit}_bench.cc")
      list(APPEND benches "${unit}_bench.cc")
    endif()
  endforeach()

  set(room "pushbench_${ROOM_NAME}")
  if(sources)
    add_library(${room} STATIC ${sources})
    target_link_libraries(${room} PUBLIC pushbench_options ${ROOM_DEPS})
  else()
    add_library(${room} INTERFACE)
    target_link_libraries(${room} INTERFACE pushbench_options ${ROOM_DEPS})
  endif()

  if(NOT ROOM_LABEL)
    set(ROOM_LABEL unit)
  endif()
  add_executable(test_${ROOM_NAME} ${tests})
  target_link_libraries(test_${ROOM_NAME} PRIVATE
    ${room} ${ROOM_TEST_DEPS} GTest::gmock GTest::gtest_main)
  pushbench_test_options(test_${ROOM_NAME})
  target_compile_definitions(test_${ROOM_NAME} PRIVATE
    PUSHBENCH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  pushbench_shards(${ROOM_NAME} "${ROOM_SHARDS}" LABELS ${ROOM_LABEL} TIMEOUT 300)

  # What a sanitizer slows down says nothing of speed.
  if(benches AND NOT PUSHBENCH_SANITIZE)
    add_executable(bench_${ROOM_NAME} ${benches})
    target_link_libraries(bench_${ROOM_NAME} PRIVATE ${room} benchmark::benchmark_main)
    add_test(NAME bench_${ROOM_NAME} COMMAND bench_${ROOM_NAME} --benchmark_min_time=0.01)
    set_tests_properties(bench_${ROOM_NAME} PROPERTIES LABELS smoke TIMEOUT 300)
  endif()
endfunction()
