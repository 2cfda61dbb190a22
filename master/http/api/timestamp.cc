#include "master/http/api/timestamp.h"

#include <chrono>

namespace drover::http {
namespace {

void append_padded(std::string& text, std::int64_t number, std::size_t digits, char after) {
  const std::string plain = std::to_string(number);
  if (plain.size() < digits) text.append(digits - plain.size(), '0');
  text.append(plain).push_back(after);
}

// Takes one piece after the other from the front of a text; once one is not there, nothing is.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : text_(text) {}

  // A number of so many digits, at most `most`.
  int number(std::size_t digits, int most) {
    int value = 0;
    for (std::size_t count = 0; count < digits; ++count) value = value * 10 + digit();
    if (value > most) is_right_ = false;
    return value;
  }
  bool takes(char wanted) {
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }
  void must_take(char wanted) { is_right_ = takes(wanted) && is_right_; }
  // Digits of a second, of which three count.
  int milliseconds() {
    int value = 0;
    int scale = 100;
    do {
      value += digit() * scale;
      scale /= 10;
    } while (is_right_ && !text_.empty() && text_.front() >= '0' && text_.front() <= '9');
    return value;
  }
  bool is_right_to_the_end() const { return is_right_ && text_.empty(); }

 private:
  int digit() {
    const bool there = !text_.empty() && text_.front() >= '0' && text_.front() <= '9';
    const int value = there ? text_.front() - '0' : 0;
    if (there) text_.remove_prefix(1);
    is_right_ = is_right_ && there;
    return value;
  }

  std::string_view text_;
  bool is_right_ = true;
};

// "Z", "+hh:mm" or "-hh:mm".
std::chrono::minutes read_offset(Pieces& pieces) {
  if (pieces.takes('Z') || pieces.takes('z')) return std::chrono::minutes(0);
  const bool west = pieces.takes('-');
  if (!west) pieces.must_take('+');
  const int hours = pieces.number(2, 23);
  pieces.must_take(':');
  const std::chrono::minutes offset(hours * 60 + pieces.number(2, 59));
  return west ? -offset : offset;
}

}  // namespace

std::optional<core::UnixMs> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  Pieces pieces(text);
  const year years{pieces.number(4, 9999)};
  pieces.must_take('-');
  const month months{static_cast<unsigned>(pieces.number(2, 12))};
  pieces.must_take('-');
  const day days{static_cast<unsigned>(pieces.number(2, 31))};
  if (!pieces.takes('t')) pieces.must_take('T');
  const hours hour{pieces.number(2, 23)};
  pieces.must_take(':');
  const minutes minute{pieces.number(2, 59)};
  pieces.must_take(':');
  // A leap second counts as the one after it.
  const seconds second{pieces.number(2, 60)};
  const milliseconds fraction{pieces.takes('.') ? pieces.milliseconds() : 0};
  const minutes offset = read_offset(pieces);
  const year_month_day date{years, months, days};
  if (!pieces.is_right_to_the_end() || !date.ok()) return std::nullopt;
  const milliseconds since_midnight = hour + minute + second + fraction - offset;
  return (sys_days(date).time_since_epoch() + since_midnight).count();
}

std::string timestamp(core::UnixMs time) {
  using namespace std::chrono;
  const sys_time<milliseconds> point{milliseconds(time)};
  const sys_days day = floor<days>(point);
  const year_month_day date{day};
  const hh_mm_ss clock{point - day};
  std::string text;
  append_padded(text, static_cast<int>(date.year()), 4, '-');
  append_padded(text, static_cast<unsigned>(date.month()), 2, '-');
  append_padded(text, static_cast<unsigned>(date.day()), 2, 'T');
  append_padded(text, clock.hours().count(), 2, ':');
  append_padded(text, clock.minutes().count(), 2, ':');
  append_padded(text, clock.seconds().count(), 2, '.');
  append_padded(text, clock.subseconds().count(), 3, 'Z');
  return text;
}

}  // namespace drover::http
