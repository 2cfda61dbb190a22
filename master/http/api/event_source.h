// The events behind a place, as a stream.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "master/engine/view.h"
#include "master/http/answer.h"
#include "master/http/api/event_json.h"
#include "master/http/errors.h"
#include "master/http/services.h"
#include "master/store/store.h"

namespace drover::http {

// Server-sent events (the HTML standard's text/event-stream), or a JSON text on each line.
enum class EventFormat { sse, lines };

struct EventRequest {
  EventFormat format = EventFormat::lines;
  std::optional<EventPlace> from;  // absent: from the oldest that is kept on
  bool follow = false;             // not over at the newest
  EventFilter filter;
};

// Events up to there are not kept any more, and the client has not seen them all.
Problem events_gone(Index dropped_to);

class EventSource final : public Source {
 public:
  EventSource(const Services& services, EventRequest request);

  void begin(Wake wake) override;
  State read(std::string& out) override;
  void keep_alive(std::string& out) override;
  void end_early(std::string_view reason, std::string& out) override;

 private:
  void append(const store::EventBatch& batch, std::string& out);
  void append(const EventPlace& place, const core::ClusterEvent& event, std::string& out);
  State end(const Problem& problem, std::string& out);

  const Services services_;
  const EventRequest request_;
  EventPlace next_;        // the first that was not looked at
  bool is_behind_ = true;  // the newest has not been reached yet
  engine::Watchers::Watch watch_;
};

}  // namespace drover::http
