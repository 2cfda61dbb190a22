#include "cli/commands/outage.h"

#include <poll.h>

#include <algorithm>

#include "cli/commands/session.h"

namespace drover::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto kWorthAWord = 2s;
constexpr auto kPause = 250ms;

}  // namespace

bool Outage::is_worth_another_try(const Error& error) {
  if (connection_.was_interrupted() || !connection_.has_connected()) return false;
  if (error.kind != ErrorKind::io && error.kind != ErrorKind::unavailable) return false;
  const auto now = Clock::now();
  if (!since_) since_ = now;
  const auto left = *since_ + kMasterAway - now;
  if (left <= 0s) return false;
  if (now - *since_ >= kWorthAWord && !is_said_) {
    Session::complain(error.message + "; trying again");
    is_said_ = true;
  }
  const auto pause = std::max<milliseconds>(kPause, connection_.retry_after());
  sleep(std::min(pause, std::chrono::duration_cast<milliseconds>(left) + 1ms));
  return interrupts_ == nullptr || !interrupts_->is_pending();
}

void Outage::sleep(milliseconds duration) const {
  if (interrupts_ != nullptr) {
    interrupts_->sleep(duration);
  } else {
    ::poll(nullptr, 0, static_cast<int>(duration.count()));
  }
}

void Outage::is_over() {
  if (is_said_) Session::complain("the master answers again");
  is_said_ = false;
  since_.reset();
}

}  // namespace drover::cli
