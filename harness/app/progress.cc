#include "harness/app/progress.h"

#include "harness/app/commands.h"
#include "harness/base/text.h"
#include "harness/result/metrics.h"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace pushbench::app {
namespace {

constexpr std::size_t kDefaultWidth = 80;
constexpr std::size_t kBarWidth = 24;

std::size_t terminal_width(std::FILE* file) {
  winsize size{};
  return ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col
                                                                         : kDefaultWidth;
}

std::string count(std::uint64_t value) {
  return human_count(static_cast<double>(value));
}

std::string metric(const result::CellResult& cell, std::string_view name) {
  const result::Metric* row = result::find_metric(name);
  return result::format_metric(*row, row->read(cell));
}

// Whole seconds: a forecast is not known to a hundredth.
std::string rounded(Nanos value) {
  const auto whole = std::chrono::round<std::chrono::seconds>(value);
  return whole < std::chrono::minutes(2) ? fmt::format("{} s", whole.count())
                                         : human_duration(whole);
}

double share(const swarm::Progress& p) {
  const auto all = static_cast<double>((p.elapsed + p.remaining).count());
  return all > 0 ? static_cast<double>(p.elapsed.count()) / all : 0;
}

std::string current(const swarm::Progress& p) {
  std::string text =
      fmt::format("{}, {}: {} of {} subscribed, {} events/s", p.name, p.phase, count(p.subscribed),
                  count(p.subscriptions), human_count(std::round(p.received_per_s)));
  if (p.failed > 0) {
    text += fmt::format(", {} connects failed", count(p.failed));
  }
  return text;
}

// At most `width` columns; what is cut is all ASCII but for units, so bytes are near enough.
std::string clip(std::string text, std::size_t width) {
  if (text.size() > width) {
    text.resize(width - 3);
    text += "...";
  }
  return text;
}

}  // namespace

std::string ProgressView::bar(double share, std::size_t width) {
  const auto full =
      static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(width));
  return "[" + std::string(full, '#') + std::string(width - full, '.') + "]";
}

std::string ProgressView::block(const swarm::Progress& p, std::size_t width) {
  return clip(fmt::format("{} cell {} of {}, {} gone, about {} left", bar(share(p), kBarWidth),
                          p.cell + 1, p.cells, rounded(p.elapsed), rounded(p.remaining)),
              width) +
         "\n" + clip("  " + current(p), width) + "\n";
}

std::string ProgressView::line(const swarm::Progress& p) {
  return fmt::format("[{}/{}] {}, about {} left\n", p.cell + 1, p.cells, current(p),
                     rounded(p.remaining));
}

std::string ProgressView::done_line(const swarm::Progress& p) {
  if (p.result == nullptr || p.result->latency.empty()) {
    return fmt::format("[{}/{}] {}: no events received\n", p.cell + 1, p.cells, p.name);
  }
  const auto& cell = *p.result;
  return fmt::format("[{}/{}] {}: p50 {}, p99 {}, {} delivered, {} lost\n", p.cell + 1, p.cells,
                     p.name, metric(cell, "latency_p50_ns"), metric(cell, "latency_p99_ns"),
                     metric(cell, "delivered"), metric(cell, "lost"));
}

void ProgressView::update(const swarm::Progress& progress) {
  if (mode_ == Mode::kQuiet) {
    return;
  }
  if (progress.cell_done) {
    erase();
    say(file_, done_line(progress));
    return;
  }
  if (mode_ == Mode::kBlock) {
    draw(block(progress, terminal_width(file_) - 1));
    return;
  }
  const bool begins = last_phase_ != progress.name;
  if (begins || progress.elapsed - last_line_ >= kLineEvery) {
    last_phase_ = progress.name;
    last_line_ = progress.elapsed;
    say(file_, line(progress));
  }
}

void ProgressView::stopping() {
  erase();
  say(file_, "stopping; press Ctrl-C again to quit at once\n");
}

void ProgressView::erase() {
  if (drawn_lines_ > 0) {
    say(file_, fmt::format("\x1b[{}A\x1b[J", drawn_lines_));
    drawn_lines_ = 0;
  }
}

void ProgressView::draw(const std::string& text) {
  erase();
  say(file_, fmt::format("{}{}{}", colour_ ? "\x1b[2m" : "", text, colour_ ? "\x1b[0m" : ""));
  drawn_lines_ = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace pushbench::app
