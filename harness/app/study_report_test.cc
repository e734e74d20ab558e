#include "harness/app/study_report.h"

#include "harness/app/advise_text.h"
#include "harness/app/captured.h"
#include "harness/app/study_values.h"
#include "harness/result/json_io.h"
#include "harness/study/capacity_state.h"
#include "harness/study/sweep.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

std::string kept(const std::string& name, const std::string& text) {
  std::string path = ::testing::TempDir() + name;
  fs::create_directories(fs::path(path).parent_path());
  EXPECT_TRUE(result::write_file(path, text));
  return path;
}

std::string a_sweep() {
  study::Sweep sweep;
  sweep.scenario = "</script><b>\"schema\": \"pushbench.capacity/1\"";
  sweep.varied = {*study::parse_varied("clients=1,10")};
  sweep.points = *study::points_of(sweep.varied);
  sweep.points[0].status = study::Point::Status::kDone;
  sweep.points[0].cells = {{"websocket", true, {{"latency_p99_ns", 1e6}}}};
  return study::to_json(sweep);
}

std::string a_capacity() {
  study::CapacityState state;
  state.scenario = "chat";
  state.slos = {"lost == 0"};
  state.axes = {"clients"};
  state.searches.push_back({"websocket", "clients", 100, "", 0, {}});
  state.searches.back().records.push_back({});
  state.searches.back().records.back().trial.load = 100;
  return study::to_json(state);
}

std::string with_schema(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(StudyReport, AFileIsToldByItsSchemaWhereverThatStands) {
  const auto sweep = find_study(kept("told/sweep.json", a_sweep()));
  ASSERT_TRUE(sweep && *sweep);
  EXPECT_TRUE(study_report(**sweep, "text")->starts_with("</script>"));
  const auto last =
      find_study(kept("told/last.json", "{\"a\": 1, \"schema\" : \"pushbench.sweep/7\"}"));
  EXPECT_TRUE(last && *last);
  for (const char* other : {"{}", "", "{\"schema\": \"pushbench.result/1\"}", "{\"schema\"",
                            "{\"schema\": 3}", "{\"schema\": \"pushbench.sweeping/1\"}"}) {
    const auto none = find_study(kept("told/other.json", other));
    EXPECT_TRUE(none && !*none) << other;
  }
  const auto nowhere = find_study(::testing::TempDir() + "told/nowhere.json");
  EXPECT_TRUE(nowhere && !*nowhere);
}

TEST(StudyReport, ADirectoryStandsForTheStudyInIt) {
  const std::string file = kept("searched/capacity.json", a_capacity());
  const auto found = find_study(fs::path(file).parent_path().string());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->path, file);
}

TEST(StudyReport, IsAPageOrTheFileItself) {
  for (const auto& [text, kind] : {std::pair(a_sweep(), "sweep"), {a_capacity(), "capacity"}}) {
    const StudyFile file{"x.json", text};
    EXPECT_EQ(*study_report(file, "json"), text);
    const std::string page = *study_report(file, "html");
    EXPECT_NE(page.find(std::string("data-kind=\"") + kind + "\""), std::string::npos);
    EXPECT_EQ(page.find("</script><b>"), std::string::npos);
  }
}

TEST(StudyReport, ACapacitySearchIsToldFromItsFileByTheseOrOtherBounds) {
  const std::string text = *study_report({"x.json", a_capacity()}, "text");
  EXPECT_TRUE(text.starts_with("What one server holds of chat, while lost == 0.")) << text;
  EXPECT_NE(text.find("websocket: at least 100 clients."), std::string::npos) << text;
  const auto other = study_report({"x.json", a_capacity()}, "text", {"latency.p99 < 20ms"});
  EXPECT_TRUE(other->starts_with("What one server holds of chat, while latency.p99 < 20ms."))
      << *other;
}

TEST(StudyReport, AdviceIsToldFromItsFile) {
  AdviceView view;
  view.needs.staleness_s = 2;
  view.costs = *read_model("");
  view.model = "a model";
  view.advice = *study::advise(view.needs, view.costs, view.kind);
  const std::string json = advice_json(view);
  EXPECT_EQ(*study_report({"x.json", json}, "text"), advice_text(view));
  const std::string edited = with_schema(json, "\"fits\": true", "\"fits\": false");
  EXPECT_FALSE(study_report({"x.json", edited}, "text"));
  EXPECT_TRUE(study_report({"x.json", edited}, "html"));
}

TEST(StudyReport, WhatCannotBeShownIsRefusedInASentence) {
  const auto refused = [](const std::string& text, const std::string& format) {
    const auto made = study_report({"x.json", text}, format);
    return made ? std::string() : made.error().text;
  };
  const std::string newer = with_schema(a_sweep(), "pushbench.sweep/1", "pushbench.sweep/2");
  EXPECT_EQ(refused(newer, "html"),
            "x.json: schema 'pushbench.sweep/2' is not the one that this program reads "
            "('pushbench.sweep/1'); use the pushbench that wrote it");
  EXPECT_NE(refused(a_sweep().substr(0, 200), "html").find("x.json"), std::string::npos);
  EXPECT_NE(refused(a_capacity(), "htm").find("html"), std::string::npos);
}

TEST(StudyReport, ReportMakesItAndTakesItAlone) {
  const std::string file = kept("alone/sweep.json", a_sweep());
  Captured page;
  EXPECT_EQ(report_command({.files = {file}, .format = "html"}, page.streams()), 0) << page.err();
  EXPECT_NE(page.out().find("data-kind=\"sweep\""), std::string::npos);
  Captured two;
  EXPECT_EQ(report_command({.files = {file, file}, .format = "html"}, two.streams()), 2);
  EXPECT_NE(two.err().find("report it by itself"), std::string::npos);
  Captured cut;
  const std::string half = kept("alone/half.json", a_sweep().substr(0, 150));
  EXPECT_EQ(report_command({.files = {half}, .format = "html"}, cut.streams()), 2);
}

}  // namespace
}  // namespace pushbench::app
