#include "servers/floor/churn.h"

#include "servers/floor/connections.h"

namespace pushbench::servers::floor {
namespace {

constexpr TimePoint kAnswered{};  // the mark of a connection whose answer is there

}  // namespace

std::string_view Churn::on_opened(std::uint32_t id, std::string_view bytes, TimePoint now, bool&) {
  const auto answer = whole_answer(id, bytes);
  if (!answer) {
    return {};
  }
  if (is_good(*answer)) {
    count_delivery(now - connections().began(id));
  } else {
    count_error();
  }
  answered(id);
  return {};
}

void NewPolls::answered(std::uint32_t id) {
  connections().mark(id, kAnswered);
}

bool NewPolls::on_end(std::uint32_t id, TimePoint) {
  if (connections().began(id) != kAnswered) {
    count_error();
  }
  return true;
}

void Accepts::answered(std::uint32_t id) {
  connections().close(id);
  connections().open(id);
}

bool Accepts::on_end(std::uint32_t, TimePoint) {
  count_error();
  return true;
}

}  // namespace pushbench::servers::floor
