// Records as bytes and back.
#include <boost/crc.hpp>
#include <optional>

#include "agent/state/journal.h"
#include "agent/wire/convert.h"
#include "common/limits.h"
#include "common/wire/task_spec.h"
#include "drover/journal.pb.h"

namespace drover::agent::state {
namespace {

constexpr std::string_view kMark = "DJ1\n";
constexpr std::size_t kHeader = 12;

// CRC-32C (Castagnoli), as in RFC 3720, appendix B.4.
using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

void put_number(std::string& out, std::size_t at, std::uint32_t value) {
  for (std::size_t byte = 0; byte < 4; ++byte) {
    out[at + byte] = static_cast<char>(value >> (8 * byte));
  }
}

std::uint32_t get_number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t byte = 0; byte < 4; ++byte) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[byte])) << (8 * byte);
  }
  return value;
}

std::uint32_t checksum(std::string_view length, std::string_view payload) {
  Crc32c crc;
  crc.process_bytes(length.data(), length.size());
  crc.process_bytes(payload.data(), payload.size());
  return crc.checksum();
}

// A message that names an attempt by its allocation, task and number.
template <class Message>
void write_attempt(const AttemptId& id, Message& message) {
  wire::write(id.allocation, message.mutable_allocation());
  message.set_task(id.task);
  message.set_attempt(id.attempt);
}

template <class Message>
std::optional<AttemptId> read_attempt(const Message& message) {
  const auto allocation = wire::allocation_id(message.allocation());
  if (!allocation) return std::nullopt;
  return AttemptId{*allocation, message.task(), message.attempt()};
}

struct Writer {
  journal::Record* message;

  void operator()(const core::BootRecord& record) const { message->set_boot_id(record.boot_id); }
  void operator()(const core::NameRecord& record) const {
    message->set_journal_id(record.journal_id);
  }
  void operator()(const core::AcceptedRecord& record) const {
    wire::write(*record.spec, message->mutable_accepted());
  }
  void operator()(const core::RequestedRecord& record) const {
    journal::Requested* requested = message->mutable_requested();
    write_attempt(record.attempt, *requested);
    requested->set_supervisor(record.supervisor);
    requested->set_steady_ms(record.steady_ms);
  }
  void operator()(const core::EndingRecord& record) const {
    journal::Ending* ending = message->mutable_ending();
    write_attempt(record.attempt, *ending);
    ending->set_reason(drover::wire::write(record.reason));
  }
  void operator()(const core::EndedRecord& record) const {
    wire::write(
        core::AttemptReport{record.attempt, record.started_unix_ms, record.end, record.next},
        message->mutable_ended());
  }
  void operator()(const core::RestartsRecord& record) const {
    journal::Restarts* restarts = message->mutable_restarts();
    wire::write(record.allocation, restarts->mutable_allocation());
    restarts->set_task(record.task);
    restarts->set_first_attempt(record.first_attempt);
    restarts->mutable_steady_ms()->Assign(record.steady_ms.begin(), record.steady_ms.end());
  }
  void operator()(const core::NoRestartsRecord& record) const {
    wire::write(record.allocation, message->mutable_no_restarts());
  }
  void operator()(const core::WishRecord& record) const {
    wire::write(record.allocation,
                record.remove ? message->mutable_remove() : message->mutable_stop());
  }
  void operator()(const core::FenceRecord& record) const {
    wire::write(record.allocation, message->mutable_fence());
  }
  void operator()(const core::ForgottenRecord& record) const {
    wire::write(record.allocation, message->mutable_forgotten());
  }
};

using Parsed = std::optional<core::JournalRecord>;

Parsed parse_requested(const journal::Requested& message) {
  const auto id = read_attempt(message);
  if (!id) return std::nullopt;
  return core::RequestedRecord{*id, message.supervisor(), message.steady_ms()};
}

Parsed parse_ending(const journal::Ending& message) {
  const auto id = read_attempt(message);
  if (!id) return std::nullopt;
  return core::EndingRecord{*id, drover::wire::read(message.reason())};
}

Parsed parse_ended(const v1::AttemptReport& message) {
  const auto report = wire::attempt_report(message);
  if (!report || !report->end) return std::nullopt;
  return core::EndedRecord{report->id, report->started_unix_ms, *report->end, report->next};
}

Parsed parse_restarts(const journal::Restarts& message) {
  const auto id = wire::allocation_id(message.allocation());
  if (!id || message.first_attempt() == 0) return std::nullopt;
  return core::RestartsRecord{*id,
                              message.task(),
                              message.first_attempt(),
                              {message.steady_ms().begin(), message.steady_ms().end()}};
}

// A record that says nothing but which allocation it is about.
template <class Record>
Parsed parse_about(const v1::AllocationRef& ref) {
  const auto id = wire::allocation_id(ref);
  if (!id) return std::nullopt;
  return Record{*id};
}

Parsed parse_wish(const v1::AllocationRef& ref, bool remove) {
  const auto id = wire::allocation_id(ref);
  if (!id) return std::nullopt;
  return core::WishRecord{*id, remove};
}

Parsed parse(std::string_view payload) {
  journal::Record message;
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return std::nullopt;
  }
  switch (message.kind_case()) {
    case journal::Record::kBootId:
      return core::BootRecord{message.boot_id()};
    case journal::Record::kJournalId:
      return core::NameRecord{message.journal_id()};
    case journal::Record::kAccepted:
      if (auto spec = wire::allocation_spec(message.accepted())) return core::AcceptedRecord{spec};
      return std::nullopt;
    case journal::Record::kRequested:
      return parse_requested(message.requested());
    case journal::Record::kEnding:
      return parse_ending(message.ending());
    case journal::Record::kEnded:
      return parse_ended(message.ended());
    case journal::Record::kStop:
      return parse_wish(message.stop(), false);
    case journal::Record::kRemove:
      return parse_wish(message.remove(), true);
    case journal::Record::kForgotten:
      return parse_about<core::ForgottenRecord>(message.forgotten());
    case journal::Record::kFence:
      return parse_about<core::FenceRecord>(message.fence());
    case journal::Record::kRestarts:
      return parse_restarts(message.restarts());
    case journal::Record::kNoRestarts:
      return parse_about<core::NoRestartsRecord>(message.no_restarts());
    case journal::Record::KIND_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

// The payload of an intact frame at the beginning of `content`.
std::optional<std::string_view> intact_frame(std::string_view content) {
  if (content.size() < kHeader || !content.starts_with(kMark)) return std::nullopt;
  const std::uint32_t length = get_number(content.substr(4));
  if (length > content.size() - kHeader) return std::nullopt;
  const std::string_view payload = content.substr(kHeader, length);
  if (checksum(content.substr(4, 4), payload) != get_number(content.substr(8))) return std::nullopt;
  return payload;
}

// Where the next intact frame after `from` begins; the end if there is none.
std::size_t next_frame(std::string_view content, std::size_t from) {
  for (std::size_t at = content.find(kMark, from); at != std::string_view::npos;
       at = content.find(kMark, at + 1)) {
    if (intact_frame(content.substr(at))) return at;
  }
  return content.size();
}

// `rest` is a whole frame but for its length: with the length that it has, its checksum is right.
bool is_whole(std::string_view rest) {
  std::string length(4, '\0');
  put_number(length, 0, static_cast<std::uint32_t>(rest.size() - kHeader));
  return checksum(length, rest.substr(kHeader)) == get_number(rest.substr(8));
}

// `rest` could be the beginning of a frame whose end was never written.
bool is_unfinished(std::string_view rest) {
  if (rest.size() < kHeader) return kMark.starts_with(rest.substr(0, kMark.size()));
  return rest.starts_with(kMark) && get_number(rest.substr(4)) > rest.size() - kHeader &&
         get_number(rest.substr(4)) <= limits::kAgentMessageBytes && !is_whole(rest);
}

}  // namespace

std::string encode(const core::JournalRecord& record) {
  journal::Record message;
  std::visit(Writer{&message}, record);
  std::string frame(kMark);
  frame.resize(kHeader);
  message.AppendToString(&frame);
  put_number(frame, 4, static_cast<std::uint32_t>(frame.size() - kHeader));
  const std::string_view written(frame);
  put_number(frame, 8, checksum(written.substr(4, 4), written.substr(kHeader)));
  return frame;
}

Decoded decode(std::string_view content) {
  Decoded result;
  std::size_t at = 0;
  while (at < content.size()) {
    const std::string_view rest = content.substr(at);
    std::size_t next = 0;
    if (const auto payload = intact_frame(rest)) {
      next = at + kHeader + payload->size();
      if (auto record = parse(*payload)) {
        result.records.push_back(std::move(*record));
        at = next;
        continue;
      }
    } else {
      next = next_frame(content, at + 1);
      if (next == content.size() && is_unfinished(rest)) break;
    }
    result.damage.push_back({at, next - at});
    at = next;
  }
  result.truncated_at = at;
  return result;
}

}  // namespace drover::agent::state
