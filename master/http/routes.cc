#include "master/http/routes.h"

#include <array>
#include <optional>

#include "master/http/api/cluster.h"
#include "master/http/api/events.h"
#include "master/http/api/instance_list.h"
#include "master/http/api/instances.h"
#include "master/http/api/logs.h"
#include "master/http/api/metrics.h"
#include "master/http/api/nodes.h"
#include "master/http/api/own.h"
#include "master/http/api/rollout.h"
#include "master/http/api/seed.h"
#include "master/http/api/task_requests.h"
#include "master/http/api/templates.h"
#include "master/http/api/waiting.h"
#include "master/http/json_text.h"
#include "master/http/openapi/operations.h"
#include "master/http/query_parameters.h"

namespace drover::http {
namespace {

constexpr std::array kRoutes = {
    Route{Method::post, "/api/task/task_group", create_template, openapi::create_template,
          Query::refused, "create a template"},
    Route{Method::post, "/api/task/query", query_template, openapi::query_template, Query::refused,
          "show a template"},
    Route{Method::post, "/api/task/task_group/deploy", deploy, openapi::deploy, Query::refused,
          "deploy a template as a new instance"},
    Route{Method::post, "/api/task/task_group/query", query_instance, openapi::query_instance,
          Query::refused, "the status of an instance"},
    Route{Method::post, "/api/task/task_group/stop", stop_instance, openapi::stop_instance,
          Query::refused, "stop an instance"},
    Route{Method::get, "/api/task/node", list_nodes, openapi::list_nodes, Query::refused,
          "all nodes and their usage"},
    Route{Method::get, "/api/v1/instances", list_instances, openapi::list_instances, Query::refused,
          "all instances, the newest first, also those that have ended", kListParameters},
    Route{Method::post, "/api/v1/instances", deploy_instance, openapi::deploy_instance,
          Query::refused, "deploy a template with parameters", kDeployParameters},
    Route{Method::get, "/api/v1/instances/{id}", get_instance, openapi::get_instance,
          Query::refused, "an instance with its groups, copies and tasks", kWaitParameters},
    Route{Method::get, "/api/v1/instances/{id}/explain", explain_instance,
          openapi::explain_instance, Query::refused,
          "why copies of it have no node, and what would help"},
    Route{Method::get, "/api/v1/instances/{id}/logs", get_logs, openapi::get_logs, Query::refused,
          "what its tasks have printed: the bytes of one attempt, or a JSON text for each line; "
          "Accept may ask for text/plain or application/x-ndjson",
          kLogParameters},
    Route{Method::post, "/api/v1/instances/{id}/stop", end_instance, openapi::end_instance,
          Query::refused, "stop an instance; one that has ended stays so"},
    Route{Method::remove, "/api/v1/instances/{id}", forget_instance, openapi::forget_instance,
          Query::refused, "remove an instance that has ended from the history"},
    Route{Method::post, "/api/v1/instances/{id}/restart", restart_tasks, openapi::restart_tasks,
          Query::refused, "end what runs of it, or of a group, copy or task, and begin it again"},
    Route{Method::post, "/api/v1/instances/{id}/signal", signal_tasks, openapi::signal_tasks,
          Query::refused, "send a signal to what runs of it, or of a group, copy or task"},
    Route{Method::post, "/api/v1/instances/{id}/update", update_instance, openapi::update_instance,
          Query::refused, "give a service another version of its template"},
    Route{Method::post, "/api/v1/instances/{id}/scale", scale_instance, openapi::scale_instance,
          Query::refused, "give a service more copies of a group, or fewer"},
    Route{Method::get, "/api/v1/templates", list_templates, openapi::list_templates, Query::refused,
          "all templates, by their names", kTemplatePageParameters},
    Route{Method::put, "/api/v1/templates", put_template, openapi::put_template, Query::refused,
          "create a template, or another version of one", kPutParameters},
    Route{Method::get, "/api/v1/templates/{name}", get_template, openapi::get_template,
          Query::refused, "a template as it was given, and which versions of it there are",
          kVersionParameters},
    Route{Method::remove, "/api/v1/templates/{name}", remove_template, openapi::remove_template,
          Query::refused, "remove a template; what runs of it goes on", kRemoveParameters},
    Route{Method::get, "/api/v1/nodes", show_nodes, openapi::show_nodes, Query::refused,
          "all nodes, by their ids, with labels, attributes, room and load", kNodePageParameters},
    Route{Method::get, "/api/v1/nodes/{id}", get_node, openapi::get_node, Query::refused,
          "a node, what is placed on it, and what a drain has left there"},
    Route{Method::remove, "/api/v1/nodes/{id}", remove_node, openapi::remove_node, Query::refused,
          "forget a node that is offline"},
    Route{Method::post, "/api/v1/nodes/{id}/drain", drain_node, openapi::drain_node, Query::refused,
          "nothing new goes to the node, services move, others may end until the deadline"},
    Route{Method::post, "/api/v1/nodes/{id}/resume", resume_node, openapi::resume_node,
          Query::refused, "the node takes work again"},
    Route{Method::get, "/api/v1/events", get_events, openapi::get_events, Query::refused,
          "what has happened, and happens: a JSON text on each line, or server-sent events where "
          "Accept asks for text/event-stream",
          kEventParameters},
    Route{Method::get, "/api/v1/cluster", get_cluster, openapi::get_cluster, Query::refused,
          "whether the master trusts what it sees of its nodes"},
    Route{Method::post, "/api/v1/cluster/resume", resume_cluster, openapi::resume_cluster,
          Query::refused, "the silent nodes are lost: replace what ran there"},
    Route{Method::get, "/metrics", get_metrics, openapi::get_metrics, Query::ignored,
          "what the master counts, in the text format of Prometheus"},
    Route{Method::get, "/healthz", healthz, openapi::healthz, Query::ignored,
          "200 while the process lives"},
    Route{Method::get, "/readyz", readyz, openapi::readyz, Query::ignored,
          "200 when requests can be served"},
    Route{Method::get, "/api/openapi.json", get_openapi, openapi::get_openapi, Query::refused,
          "all calls with everything that they take and answer, as OpenAPI 3.1"},
    Route{Method::get, "/", about, openapi::about, Query::ignored, "this list"},
};

// What stands in the place of the route's parameter, which is empty where it has none; nothing if
// the path is not the route's.
std::optional<std::string_view> match(const Route& route, std::string_view path) {
  const std::size_t brace = route.path.find('{');
  if (brace == std::string_view::npos) {
    if (route.path != path) return std::nullopt;
    return std::string_view();
  }
  const std::string_view behind = route.path.substr(route.path.find('}') + 1);
  if (!path.starts_with(route.path.substr(0, brace)) || !path.ends_with(behind)) {
    return std::nullopt;
  }
  if (path.size() < brace + behind.size()) return std::nullopt;
  const std::string_view parameter = path.substr(brace, path.size() - brace - behind.size());
  if (parameter.empty() || parameter.find('/') != std::string_view::npos) return std::nullopt;
  return parameter;
}

// "GET, HEAD, OPTIONS"; empty if there is no such path.
std::string allowed_on(std::string_view path) {
  std::string allow;
  for (const Route& route : kRoutes) {
    if (match(route, path))
      allow.append(word_of(route.method)).append(route.method == Method::get ? ", HEAD, " : ", ");
  }
  return allow.empty() ? allow : allow + "OPTIONS";
}

Routing no_route(const RequestHead& head, const Target& target) {
  Routing routing;
  if (head.method == Method::other) {
    routing.problem = Problem{Code::unsupported_method,
                              "the method " + excerpt(head.method_name) + " is not understood", ""};
    return routing;
  }
  if (target.path == "*" && head.method == Method::options) {
    routing.allow = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
    return routing;
  }
  const std::string allow = allowed_on(target.path);
  if (allow.empty()) {
    routing.problem =
        Problem{Code::unknown_path,
                "no such path: " + excerpt(target.path) + "; GET / lists all calls", ""};
  } else if (head.method == Method::options) {
    routing.allow = allow;
  } else {
    routing.problem = Problem{
        Code::method_not_allowed,
        head.method_name + " is not allowed on " + excerpt(target.path) + "; use " + allow, allow};
  }
  return routing;
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

std::string_view word_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::remove:
      return "DELETE";
    default:
      return "";
  }
}

Routing find_route(const RequestHead& head, const Target& target) {
  const Method method = head.method == Method::head ? Method::get : head.method;
  for (const Route& route : kRoutes) {
    if (route.method != method) continue;
    const auto parameter = match(route, target.path);
    if (!parameter) continue;
    Routing routing;
    routing.route = &route;
    routing.path_parameter = decoded(*parameter);
    if (route.query == Query::refused) {
      routing.problem = parse_query(target.query, route.path, route.parameters, routing.query);
    }
    return routing;
  }
  return no_route(head, target);
}

}  // namespace drover::http
