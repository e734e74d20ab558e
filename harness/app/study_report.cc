#include "harness/app/study_report.h"

#include "harness/app/advice_file.h"
#include "harness/app/advise_text.h"
#include "harness/app/capacity_text.h"
#include "harness/app/format_named.h"
#include "harness/app/sweep_command.h"
#include "harness/app/sweep_text.h"
#include "harness/base/text.h"
#include "harness/plan/payload_file.h"
#include "harness/study/capacity_state.h"
#include "harness/study/sweep.h"
#include "reports/html.h"
#include "reports/page_data.h"

#include <fmt/format.h>

#include <system_error>

#include <array>
#include <filesystem>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostStudyBytes = std::size_t{64} * 1024 * 1024;

// The study read from its file, and written again.
struct Forms {
  std::string json;
  Result<std::string> text;
};

using Slos = std::vector<std::string>;

Result<Forms> read_sweep_forms(const StudyFile& file, const Slos& /*slos*/) {
  const auto sweep = study::sweep_from_json(file.text, printable(file.path));
  if (!sweep) {
    return sweep.error();
  }
  const auto metrics = sweep_metrics({});
  return metrics ? Result<Forms>(Forms{study::to_json(*sweep), sweep_text(*sweep, *metrics)})
                 : Result<Forms>(metrics.error());
}

Result<Forms> read_capacity_forms(const StudyFile& file, const Slos& slos) {
  auto state = study::capacity_from_json(file.text, printable(file.path));
  if (state && !slos.empty()) {
    if (const auto judged = study::judge_anew(*state, slos); !judged) {
      return judged.error();
    }
  }
  return state ? Result<Forms>(Forms{study::to_json(*state), capacity_text(*state)})
               : Result<Forms>(state.error());
}

Result<Forms> read_advice_forms(const StudyFile& file, const Slos& /*slos*/) {
  const auto checked = check_advice(file.text, printable(file.path));
  if (!checked) {
    return checked.error();
  }
  // The page takes files of other versions too, which this program would tell otherwise.
  const auto view = advice_from_json(file.text, printable(file.path));
  return Forms{file.text,
               view ? Result<std::string>(advice_text(*view)) : Result<std::string>(view.error())};
}

struct StudyRow {
  std::string_view kind;
  std::string_view about;
  std::string_view schema;
  std::string_view file;  // that its directory holds; empty: it has none
  Result<Forms> (*read)(const StudyFile& file, const Slos& slos);
  bool has_bounds = false;
};
constexpr std::array kStudies{
    StudyRow{"sweep", "a sweep", study::kSweepSchema, "sweep.json", read_sweep_forms},
    StudyRow{"capacity", "a capacity search", study::kCapacitySchema, "capacity.json",
             read_capacity_forms, true},
    StudyRow{"advice", "advice", kAdviceSchema, "", read_advice_forms},
};

std::string_view without_version(std::string_view schema) {
  return schema.substr(0, schema.find('/') + 1);
}

// The schema of a JSON text, empty without one. Quotes within strings are escaped, so that what
// looks like the key is the key.
std::string_view schema_in(std::string_view text) {
  constexpr std::string_view kKey = "\"schema\"";
  constexpr std::string_view kBetween = " \t\r\n:";
  const auto at = text.find(kKey);
  const auto open =
      at == std::string_view::npos ? at : text.find_first_not_of(kBetween, at + kKey.size());
  if (open == std::string_view::npos || text[open] != '"') {
    return {};
  }
  const auto close = text.find('"', open + 1);
  return text.substr(open + 1, std::min(close, text.size()) - open - 1);
}

const StudyRow* study_with(std::string_view schema) {
  for (const auto& row : kStudies) {
    if (schema.starts_with(without_version(row.schema))) {
      return &row;
    }
  }
  return nullptr;
}

std::string file_at(const std::string& path) {
  std::error_code ec;
  if (!fs::is_directory(path, ec) || fs::exists(fs::path(path) / "result.json", ec)) {
    return path;
  }
  for (const auto& row : kStudies) {
    if (!row.file.empty() && fs::exists(fs::path(path) / row.file, ec)) {
      return (fs::path(path) / row.file).string();
    }
  }
  return path;
}

struct StudyFormat {
  std::string_view name;
};
constexpr std::array kStudyFormats{StudyFormat{"html"}, StudyFormat{"json"}, StudyFormat{"text"}};

}  // namespace

std::string study_page(std::string_view kind, std::string_view json) {
  return reports::html_page(
      kind, fmt::format("{{\"view\": {}, \"study\": {}}}", reports::report_view({}), json));
}

Result<std::optional<StudyFile>> find_study(const std::string& path) {
  StudyFile out{file_at(path), ""};
  std::error_code ec;
  const auto size = fs::file_size(out.path, ec);
  if (ec || size > kMostStudyBytes) {
    return std::optional<StudyFile>();
  }
  auto text = plan::read_small_file(out.path, kMostStudyBytes);
  if (!text || study_with(schema_in(*text)) == nullptr) {
    return std::optional<StudyFile>();
  }
  out.text = std::move(*text);
  return std::optional(std::move(out));
}

Result<std::string> study_report(const StudyFile& file,
                                 const std::string& format,
                                 const std::vector<std::string>& slos) {
  const auto known = format_named("--format", format, kStudyFormats);
  if (!known) {
    return known.error();
  }
  const std::string_view schema = schema_in(file.text);
  const StudyRow& study = *study_with(schema);
  if (schema != study.schema) {
    return usage(
        fmt::format("{}: schema '{}' is not the one that this program reads ('{}'); use "
                    "the pushbench that wrote it",
                    printable(file.path), printable(schema.substr(0, 64)), study.schema));
  }
  if (!slos.empty() && !study.has_bounds) {
    return usage(
        fmt::format("--slo: {} holds {}, which has no bounds", printable(file.path), study.about));
  }
  auto forms = study.read(file, slos);
  if (!forms) {
    return forms.error();
  }
  if ((*known)->name == "html") {
    return study_page(study.kind, forms->json);
  }
  if ((*known)->name == "json") {
    return std::move(forms->json);
  }
  return std::move(forms->text);
}

}  // namespace pushbench::app
