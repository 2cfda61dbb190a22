#include "agent/output/desk.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"

namespace drover::agent::output {
namespace {

constexpr char kStandardOutput[] = ".stdout";
constexpr char kErrorOutput[] = ".stderr";

}  // namespace

void Desk::take(const Request& request) {
  if (const auto* read = std::get_if<Read>(&request)) return begin(*read);
  if (const auto* received = std::get_if<Received>(&request)) {
    in_flight_ -= std::min(in_flight_, received->bytes);
  } else if (const auto* credit = std::get_if<Credit>(&request)) {
    if (const auto found = find(credit->reading); found != readings_.end()) {
      found->credit = std::min<std::uint64_t>(found->credit + credit->bytes, limits::kOutputCredit);
    }
  } else if (const auto* finish = std::get_if<Finish>(&request)) {
    if (const auto found = find(finish->reading); found != readings_.end()) {
      found->follow = false;
      found->at_end = false;
    }
  } else if (const auto* cancel = std::get_if<Cancel>(&request)) {
    if (const auto found = find(cancel->reading); found != readings_.end()) readings_.erase(found);
  }
}

void Desk::begin(const Read& read) {
  if (readings_.size() >= limits::kOutputReadingsPerNode) {
    refused_.push_back({read.reading, EndCause::busy});
    return;
  }
  const char* suffix = read.error_output ? kErrorOutput : kStandardOutput;
  AttemptId attempt = read.attempt;
  if (attempt.attempt == 0) {
    attempt.attempt = newest_attempt(layout_.output_of(attempt.allocation), attempt.task, suffix);
  }
  Reading& reading =
      readings_.emplace_back(read, Reader(layout_.output_of(attempt) + suffix, read.beginning));
  reading.credit = std::min<std::uint64_t>(read.credit, limits::kOutputCredit);
  reading.attempt = attempt.attempt;
  reading.follow = read.follow;
}

Answer Desk::turn(bool look) {
  Answer answer{{}, std::exchange(refused_, {})};
  if (look) {
    for (Reading& reading : readings_) {
      if (reading.waits_for_more()) reading.at_end = false;
    }
  }
  std::size_t left = std::min(room(), limits::kOutputChunkBytes);
  for (std::size_t turns = readings_.size(); turns > 0 && left > 0; --turns) {
    const auto reading = readings_.begin();
    if (reading->is_ready() && !serve(*reading, answer, left)) {
      readings_.erase(reading);
    } else {
      readings_.splice(readings_.end(), readings_, reading);
    }
  }
  return answer;
}

bool Desk::serve(Reading& reading, Answer& answer, std::size_t& bytes_left) {
  const bool is_new = std::exchange(reading.is_new, false);
  const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(reading.credit, bytes_left));
  Chunk chunk{reading.id, reading.attempt, {}, {}, false, reading.was_at_end};
  if (bytes > 0) {
    auto piece = reading.reader.step(bytes);
    if (!piece) return end(reading, EndCause::failed, answer, piece.error().message);
    reading.at_end =
        piece->state == Reader::State::at_end || piece->state == Reader::State::nothing;
    if (reading.at_end && !reading.follow) {
      const bool nothing = piece->state == Reader::State::nothing;
      return end(reading, nothing ? EndCause::nothing : EndCause::complete, answer);
    }
    reading.was_at_end = reading.was_at_end || reading.at_end;
    chunk.data = std::move(piece->data);
    chunk.skipped = piece->skipped;
  }
  if (!is_new && chunk.data.empty()) return true;
  chunk.next = reading.reader.position();
  bytes_left -= chunk.data.size();
  reading.credit -= chunk.data.size();
  in_flight_ += chunk.data.size();
  answer.chunks.push_back(std::move(chunk));
  return true;
}

bool Desk::end(const Reading& reading, EndCause cause, Answer& answer, std::string text) const {
  answer.ends.push_back({reading.id, cause, std::move(text)});
  return false;
}

Desk::Readings::iterator Desk::find(std::uint64_t id) {
  return std::find_if(readings_.begin(), readings_.end(),
                      [id](const Reading& reading) { return reading.id == id; });
}

std::size_t Desk::room() const {
  return limits::kOutputBytesInFlight -
         std::min<std::size_t>(limits::kOutputBytesInFlight, in_flight_);
}

bool Desk::is_any(bool (Reading::*what)() const) const {
  return std::any_of(readings_.begin(), readings_.end(),
                     [what](const Reading& reading) { return (reading.*what)(); });
}

}  // namespace drover::agent::output
