// The built page, reports/web/dist/page.html, as the program holds it: CMake puts the file into
// page_bundle.cc.in. Whoever changes reports/web builds it anew there (npm run build).
#pragma once

#include <string_view>

namespace pushbench::reports {

std::string_view page_bundle() noexcept;

}  // namespace pushbench::reports
