// What studies wrote (sweep.json, capacity.json, the JSON of advise) in other forms, for
// `pushbench report` and for the studies' own --format html. A file is told by its schema. Pure but
// for find_study(), which reads a file.
#pragma once

#include "harness/base/error.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::app {

// A page of `kind` ("sweep", "capacity", "advice") with `json` in it, which the study wrote.
std::string study_page(std::string_view kind, std::string_view json);

struct StudyFile {
  std::string path;  // of the file, where a directory was named
  std::string text;
};
// The file, or that of the directory, when its schema is one of a study, of whatever version;
// nullopt for everything else, which other readers judge. A failure: it cannot be read.
Result<std::optional<StudyFile>> find_study(const std::string& path);

// The study as "html", "json" or "text"; `slos` are other bounds for the trials of a capacity
// search. A failure names the file and what is wrong with it, or the formats that there are.
Result<std::string> study_report(const StudyFile& file,
                                 const std::string& format,
                                 const std::vector<std::string>& slos = {});

}  // namespace pushbench::app
