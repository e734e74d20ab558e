// The style sheet of the HTML report: light and dark by the reader's preference, narrow screens,
// paper. Text has a contrast of at least 4.5:1 and lines of at least 3:1 against their ground (WCAG
// 2.1 AA); series differ by dash as well as by colour. Holds no "<", no URL.
#pragma once

#include <string_view>

namespace pushbench::reports {

std::string_view html_style() noexcept;

}  // namespace pushbench::reports
