#include "master/http/json_reader.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <string>
#include <vector>

#include "common/limits.h"
#include "master/http/json_text.h"
#include "master/http/place.h"

namespace drover::http {
namespace {

namespace json = boost::json;
using json::error_code;
using json::string_view;

// Takes the parser's events, builds the value, and knows at every moment where the parser stands.
class Builder {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  explicit Builder(json::storage_ptr storage)
      : values_(json::storage_ptr(), scratch_.data(), scratch_.size()) {
    values_.reset(std::move(storage));
  }

  json::value release() { return values_.release(); }
  const MaybeProblem& problem() const { return problem_; }

  // The pointer of the innermost object or array that is open.
  std::string open_place() const {
    std::string pointer;
    for (std::size_t i = 0; i + 1 < frames_.size(); ++i) append_step(i, pointer);
    return pointer;
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open(true); }
  bool on_array_begin(error_code&) { return open(false); }

  bool on_object_end(std::size_t count, error_code& error) {
    if (!check_duplicates(error)) return false;
    values_.push_object(count);
    keys_.resize(frames_.back().first_key);
    return close();
  }
  bool on_array_end(std::size_t count, error_code&) {
    values_.push_array(count);
    return close();
  }

  bool on_key_part(string_view part, std::size_t, error_code&) {
    partial_key_.append(part.data(), part.size());
    values_.push_chars(part);
    return true;
  }
  bool on_key(string_view last_part, std::size_t, error_code&) {
    partial_key_.append(last_part.data(), last_part.size());
    keys_.push_back(std::move(partial_key_));
    partial_key_.clear();
    values_.push_key(last_part);
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) {
    values_.push_chars(part);
    return true;
  }
  bool on_string(string_view last_part, std::size_t, error_code&) {
    values_.push_string(last_part);
    return value_done();
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, string_view, error_code&) {
    values_.push_int64(number);
    return value_done();
  }
  bool on_uint64(std::uint64_t number, string_view, error_code&) {
    values_.push_uint64(number);
    return value_done();
  }
  bool on_double(double number, string_view, error_code&) {
    values_.push_double(number);
    return value_done();
  }
  bool on_bool(bool value, error_code&) {
    values_.push_bool(value);
    return value_done();
  }
  bool on_null(error_code&) {
    values_.push_null();
    return value_done();
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  struct Frame {
    bool is_object;
    std::size_t index;      // of an array: elements that are complete
    std::size_t first_key;  // of an object: where its keys begin in keys_
  };

  bool open(bool is_object) {
    frames_.push_back({is_object, 0, keys_.size()});
    return true;
  }
  bool close() {
    frames_.pop_back();
    return value_done();
  }
  bool value_done() {
    if (!frames_.empty()) ++frames_.back().index;
    return true;
  }

  // Within frame `i`, the step to what is being read: a frame's keys end where the next one's
  // begin.
  void append_step(std::size_t i, std::string& pointer) const {
    const Frame& frame = frames_[i];
    if (!frame.is_object) {
      pointer.append("/").append(std::to_string(frame.index));
      return;
    }
    const std::size_t end = i + 1 < frames_.size() ? frames_[i + 1].first_key : keys_.size();
    if (end > frame.first_key) append_pointer_key(keys_[end - 1], pointer);
  }

  bool check_duplicates(error_code& error) {
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(frames_.back().first_key);
    if (keys_.end() - begin < 2) return true;
    std::vector<std::string_view> sorted(begin, keys_.end());
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice == sorted.end()) return true;
    std::string pointer = open_place();
    append_pointer_key(*twice, pointer);
    problem_ = Problem{Code::duplicate_field,
                       "at " + pointer + ": given more than once; keep one of them", ""};
    error = json::error::exception;
    return false;
  }

  std::array<unsigned char, 1024> scratch_;
  json::value_stack values_;
  std::vector<Frame> frames_;
  std::vector<std::string> keys_;  // of all open objects
  std::string partial_key_;
  MaybeProblem problem_;
};

std::string reason(const error_code& error) {
  if (error == json::error::incomplete) return "the text ends too early";
  if (error == json::error::extra_data) return "there is more after the end of the value";
  if (error == json::error::too_deep) {
    return "nested deeper than " + std::to_string(limits::kJsonDepth) + " levels";
  }
  if (error == json::error::illegal_leading_surrogate ||
      error == json::error::illegal_trailing_surrogate ||
      error == json::error::expected_utf16_escape) {
    return "\\u escapes half of a surrogate pair";
  }
  if (error == json::error::expected_hex_digit) return "\\u needs four hexadecimal digits";
  if (error == json::error::exponent_overflow) return "a number out of range";
  return "this is no JSON";
}

// "line 3, column 7"; a column is one character.
std::string line_and_column(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::string_view row =
      newline == std::string_view::npos ? before : before.substr(newline + 1);
  const auto column = 1 + std::count_if(row.begin(), row.end(), [](char c) {
                        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
                      });
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

MaybeProblem check_text(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return Problem{Code::empty_body, "the body is empty; send a JSON object", ""};
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Problem{Code::malformed_json,
                   "the body begins with a byte order mark; send UTF-8 without one", ""};
  }
  if (const auto bad = find_invalid_utf8(text)) {
    return Problem{Code::malformed_json,
                   "the body is not UTF-8 at " + line_and_column(text, *bad) + " (byte " +
                       std::to_string(*bad) + "); send it encoded as UTF-8",
                   ""};
  }
  return std::nullopt;
}

Problem syntax_problem(std::string_view text, std::size_t offset, const error_code& error,
                       const Builder& builder) {
  const std::string inside = builder.open_place();
  std::string message = "malformed JSON at " + line_and_column(text, offset);
  if (!inside.empty()) message += ", in " + inside;
  return Problem{Code::malformed_json, message + ": " + reason(error), ""};
}

}  // namespace

MaybeProblem JsonDocument::parse(std::string_view text) {
  if (auto problem = check_text(text)) return problem;
  json::parse_options options;
  options.max_depth = limits::kJsonDepth;
  json::basic_parser<Builder> parser(options, json::storage_ptr(&memory_));
  error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = json::error::extra_data;
  if (error) {
    if (parser.handler().problem()) return parser.handler().problem();
    return syntax_problem(text, read, error, parser.handler());
  }
  root_ = parser.handler().release();
  return std::nullopt;
}

}  // namespace drover::http
