// The calls under /api/v1/nodes.
#include <array>

#include "master/http/api/bodies.h"
#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"
#include "master/http/query_parameters.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr std::array kCapacityMembers = std::to_array<Member>({
    {"cpu", required, schema::count, "Processors"},
    {"memory_bytes", required, schema::count, "Bytes of memory"},
});
constexpr schema::Component kCapacityShape{"Capacity", "What a node has.",
                                           schema::object<kCapacityMembers>};

constexpr std::array kReservedMembers = std::to_array<Member>({
    {"cpu", required, schema::number, "Cores, also parts of one"},
    {"memory_bytes", required, schema::count, "Bytes of memory"},
});
constexpr schema::Component kReservedShape{"Reservation", "What the tasks of a node reserve.",
                                           schema::object<kReservedMembers>};

constexpr std::array kUsedMembers = std::to_array<Member>({
    {"cpu_percent", required, schema::whole<0, 100>, "Of all processors, whole percent"},
    {"memory_percent", required, schema::whole<0, 100>, "Of the memory, whole percent"},
});
constexpr schema::Component kUsedShape{"Usage", "The load of a node, by its last heartbeat.",
                                       schema::object<kUsedMembers>};

constexpr std::array<std::string_view, 2> kDrainStates = {"draining", "drained"};

constexpr std::array kDrainMembers = std::to_array<Member>({
    {"state", required, schema::word<kDrainStates>, "`drained`: nothing is left there"},
    {"since", required, schema::time, "When it began, or was done"},
    {"deadline", required, schema::duration, "How long what is no service may go on"},
    {"left", optional, schema::count, "Copies that are still there; only of a single node"},
});
constexpr schema::Component kDrainShape{"Drain", "How far the drain of a node is.",
                                        schema::object<kDrainMembers>};

constexpr std::array kNodeMembers = std::to_array<Member>({
    {"id", required, schema::uuid, "Kept by its agent for ever"},
    {"ip", required, schema::text, "The address that its agent advertises"},
    {"online", required, schema::flag, "Its agent was heard of within its lease"},
    {"since", required, schema::time, "When it came online, or went offline"},
    {"labels", required, schema::map<schema::text>, "Given by its agent, names and values"},
    {"attributes", required, schema::map<schema::text>,
     "What it has by itself: `node.NAME` of constraints, those that its agent tells"},
    {"agent_version", required, schema::text, "The agent's"},
    {"degraded", required, schema::list<schema::text>, "What it cannot do, in words of its agent"},
    {"refuses_work", optional, schema::text, "Its agent takes no work now: why, for people"},
    {"capacity", required, schema::ref<kCapacityShape>, "What it has"},
    {"reserved", required, schema::ref<kReservedShape>, "What its tasks reserve"},
    {"last_heartbeat", optional, schema::time,
     "When its agent was heard of last; absent where not since the master began"},
    {"used", required, schema::ref<kUsedShape>, "Its load"},
    {"drain", optional, schema::ref<kDrainShape>, "Where it is drained"},
});
constexpr schema::Component kNodeShape{"Node", "A machine with an agent.",
                                       schema::object<kNodeMembers>};

constexpr std::array kPlacedMembers = std::to_array<Member>({
    {"instance", required, schema::uuid, "The instance's id"},
    {"allocation", required, schema::text, "INSTANCE.SLOT.GENERATION"},
    {"asked_to_end", required, schema::flag, "It is replaced, not wanted, or moved"},
});
constexpr schema::Component kPlacedShape{"PlacedCopy", "A copy that is on a node.",
                                         schema::object<kPlacedMembers>};

constexpr std::array kSampleMembers = std::to_array<Member>({
    {"time", required, schema::time, "When the 30 seconds began that it is of"},
});
constexpr schema::Component kSampleShape{"UsageSample", "The load of a node, on average.",
                                         schema::object<kSampleMembers, kUsedMembers>};

constexpr std::array kPlacedList = std::to_array<Member>({
    {"history", required, schema::list<schema::ref<kSampleShape>>,
     "Its load in the last hour, the oldest first, as far as the master has run for so long"},
    {"allocations", required, schema::list<schema::ref<kPlacedShape>>,
     "What is placed there and has not ended"},
});
constexpr schema::Component kDetailsShape{"NodeDetails", "A node, and what is placed on it.",
                                          schema::object<kNodeMembers, kPlacedList>};

constexpr std::array kListMembers = std::to_array<Member>({
    {"nodes", required, schema::list<schema::ref<kNodeShape>>, "By their ids"},
    {"cursor", optional, schema::uuid, "There is more: `cursor` of the next page"},
});
constexpr schema::Component kListShape{"NodeList", "A page of nodes.",
                                       schema::object<kListMembers>};

constexpr std::string_view kTag = "Nodes";

QueryParameter in_path() { return {"id", schema::uuid, kNodeExample, "the node's"}; }

constexpr std::string_view kListExample = R"({
  "nodes": [{
    "id": "01930b7e-4d21-7e0a-8f3b-9b6d2c1a7f05", "ip": "192.168.1.100", "online": true,
    "since": "2026-11-25T22:40:00.000Z", "labels": {"zone": "north"},
    "attributes": {"arch": "x86_64", "os": "debian"}, "agent_version": "0.1.0",
    "degraded": ["memory_limits"], "capacity": {"cpu": 8, "memory_bytes": 34359738368},
    "reserved": {"cpu": 0.5, "memory_bytes": 536870912},
    "used": {"cpu_percent": 50, "memory_percent": 30}}],
  "cursor": "01930b7e-4d21-7e0a-8f3b-9b6d2c1a7f05"})";

constexpr std::string_view kNodeAnswer = R"({
  "id": "01930b7e-4d21-7e0a-8f3b-9b6d2c1a7f05", "ip": "192.168.1.100", "online": true,
  "since": "2026-11-25T22:40:00.000Z", "labels": {"zone": "north"},
  "attributes": {"arch": "x86_64", "os": "debian"}, "agent_version": "0.1.0", "degraded": [],
  "capacity": {"cpu": 8, "memory_bytes": 34359738368},
  "reserved": {"cpu": 0.5, "memory_bytes": 536870912},
  "last_heartbeat": "2026-11-25T23:00:02.500Z",
  "used": {"cpu_percent": 50, "memory_percent": 30},
  "drain": {"state": "draining", "since": "2026-11-25T23:00:00.000Z", "deadline": "1800000ms",
    "left": 1},
  "allocations": [{"instance": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10",
    "allocation": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10.0.1", "asked_to_end": false}],
  "history": [{"time": "2026-11-25T22:59:30.000Z", "cpu_percent": 48, "memory_percent": 30}]})";

}  // namespace

Operation show_nodes() {
  return {
      .id = "listNodes",
      .tag = kTag,
      .description = "All nodes, by their ids, with labels, attributes, room and load, in pages.",
      .success = {"A page of them.", {json_content(schema::ref<kListShape>, kListExample)}},
  };
}

Operation get_node() {
  return {
      .id = "getNode",
      .tag = kTag,
      .description = "A node, what is placed on it, and what a drain has left there.",
      .path_parameter = in_path(),
      .success = {"The node.", {json_content(schema::ref<kDetailsShape>, kNodeAnswer)}},
      .errors = {Code::unknown_node},
  };
}

Operation remove_node() {
  return {
      .id = "removeNode",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Forgets a node that is offline and on which nothing is placed any more. Should its "
          "agent "
          "come back, it joins as a new one would.",
      .path_parameter = in_path(),
      .success = plain_success("It is not known any more."),
      .errors = {Code::unknown_node, Code::node_online, Code::node_in_use},
  };
}

Operation drain_node() {
  return {
      .id = "drainNode",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Nothing new goes to the node, services move, others may end until the "
          "deadline: an hour without a body.",
      .path_parameter = in_path(),
      .body = Body{.presence = optional,
                   .schema = schema::ref<kDrainBodySchema>,
                   .examples = {{"deadline", "Half an hour for what is no service",
                                 R"({"deadline": "30m"})"}}},
      .success = plain_success("It has begun."),
      .errors = {Code::unknown_node},
  };
}

Operation resume_node() {
  return {
      .id = "resumeNode",
      .tag = kTag,
      .effect = Effect::changes,
      .description = "The node takes work again.",
      .path_parameter = in_path(),
      .success = plain_success("It is not drained any more."),
      .errors = {Code::unknown_node},
  };
}

}  // namespace drover::http::openapi
