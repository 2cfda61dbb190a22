#include "master/http/api/event_source.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "common/limits.h"
#include "master/http/store_problem.h"

namespace drover::http {
namespace {

// Read from the store at a time: enough for a piece.
constexpr std::size_t kEventsPerRead = 256;

// How far the client is behind the newest event after this page.
std::uint64_t events_behind(const store::EventPage& page) {
  if (page.batches.empty()) return 0;
  const store::EventBatch& last = page.batches.back();
  const std::uint64_t seen = last.before + last.events.size();
  return page.event_count > seen ? page.event_count - seen : 0;
}

}  // namespace

Problem events_gone(Index dropped_to) {
  return {Code::events_gone,
          "events up to " + std::to_string(dropped_to.value) +
              " are not kept any more; begin with ?after=" + std::to_string(dropped_to.value) +
              ", and look at the instances and nodes for what you have missed",
          ""};
}

EventSource::EventSource(const Services& services, EventRequest request)
    : services_(services), request_(std::move(request)) {
  if (request_.from) next_ = *request_.from;
}

void EventSource::begin(Wake wake) {
  if (request_.follow) watch_ = services_.view.watchers().watch_all(std::move(wake));
}

Source::State EventSource::read(std::string& out) {
  // Of the batch of the place itself there may be more behind it.
  const Index before{next_.index.value == 0 ? 0 : next_.index.value - 1};
  const auto page = services_.store.events_after(before, kEventsPerRead);
  if (!page) return end(history_problem(page.error()), out);
  const bool may_have_missed = request_.from || next_.index.value != 0;
  if (may_have_missed && next_.index <= page->dropped_to) {
    return end(events_gone(page->dropped_to), out);
  }
  for (const store::EventBatch& batch : page->batches) append(batch, out);
  if (page->batches.empty()) {
    is_behind_ = false;
    return request_.follow ? State::idle : State::over;
  }
  next_ = {Index{page->searched_to.value + 1}, 0};
  if (is_behind_ || events_behind(*page) <= limits::kEventLag) return State::more;
  return end(
      {Code::too_slow,
       "more than " + std::to_string(limits::kEventLag) +
           " events wait to be read; go on with ?after=" + std::to_string(page->searched_to.value),
       ""},
      out);
}

void EventSource::append(const store::EventBatch& batch, std::string& out) {
  for (std::size_t position = 0; position < batch.events.size(); ++position) {
    const EventPlace place{batch.index, position};
    if (place < next_ || !request_.filter.takes(batch.events[position])) continue;
    append(place, batch.events[position], out);
  }
}

void EventSource::append(const EventPlace& place, const core::ClusterEvent& event,
                         std::string& out) {
  const std::string line = event_json(place, event);
  if (request_.format == EventFormat::lines) {
    out.append(line).append("\n");
    return;
  }
  out.append("id: ").append(place.text());
  out.append("\nevent: ").append(core::to_string(event.kind));
  out.append("\ndata: ").append(line).append("\n\n");
}

void EventSource::keep_alive(std::string& out) {
  out += request_.format == EventFormat::sse ? ":\n\n" : "\n";
}

void EventSource::end_early(std::string_view reason, std::string& out) {
  end({Code::stream_ended, std::string(reason), ""}, out);
}

Source::State EventSource::end(const Problem& problem, std::string& out) {
  const std::string body = to_response(problem).body;
  if (request_.format == EventFormat::lines) {
    out.append(body).append("\n");
  } else {
    out.append("event: error\ndata: ").append(body).append("\n\n");
  }
  return State::over;
}

}  // namespace drover::http
