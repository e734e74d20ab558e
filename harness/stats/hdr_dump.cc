// Test helper of histogram_js_test.mjs, not a product: shows what Histogram makes of values or of
// an encoded text, as one JSON line that node reads.
//   hdr_dump encode LOWEST HIGHEST DIGITS < "value times" lines
//   hdr_dump decode < encoded text
#include "harness/stats/hgrm.h"
#include "harness/stats/histogram.h"

#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <string>
#include <string_view>

namespace pushbench::stats {
namespace {

std::string figures(const Histogram& histogram) {
  std::string out = fmt::format(
      R"("count":{},"min":{},"max":{},"mean":{:.17g},"deviation":{:.17g})", histogram.count(),
      histogram.min().count(), histogram.max().count(), histogram.mean(), histogram.deviation());
  for (const double percent : {50.0, 90.0, 99.0, 99.9}) {
    out += fmt::format(R"(,"p{}":{})", percent, histogram.quantile(percent / 100).count());
  }
  return out;
}

std::string quoted_lines(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return '"' + out + '"';
}

// The exact figures, and those of the histogram read back from its own text. Values are printed in
// units of 10^digits, where no value is a tie that the two sides round differently.
int encode(const HistogramShape& shape) {
  Histogram histogram(shape);
  std::int64_t value = 0;
  std::uint64_t times = 0;
  while (std::cin >> value >> times) {
    histogram.record(Nanos{value}, times);
  }
  const std::string text = histogram.encode();
  const Histogram back = Histogram::decode(text).value();
  fmt::print(R"({{"hdr":"{}","exact":{{{}}},"back":{{{}}},"hgrm":{}}})"
             "\n",
             text, figures(histogram), figures(back),
             quoted_lines(to_hgrm(back, 5, std::pow(10, shape.digits))));
  return 0;
}

int decode() {
  std::string text;
  std::cin >> text;
  const auto histogram = Histogram::decode(text);
  if (!histogram) {
    fmt::print(stderr, "{}\n", histogram.error().text);
    return 1;
  }
  fmt::print("{{{}}}\n", figures(*histogram));
  return 0;
}

}  // namespace
}  // namespace pushbench::stats

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "encode" && argc == 5) {
    return pushbench::stats::encode({std::stoll(argv[2]), std::stoll(argv[3]), std::stoi(argv[4])});
  }
  if (mode == "decode" && argc == 2) {
    return pushbench::stats::decode();
  }
  fmt::print(stderr, "usage: hdr_dump encode LOWEST HIGHEST DIGITS | hdr_dump decode\n");
  return 2;
}
