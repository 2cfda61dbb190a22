#include "master/http/api/cluster.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "master/engine/view.h"
#include "master/http/api/answers.h"
#include "master/http/api/timestamp.h"
#include "master/http/store_problem.h"

namespace drover::http {
namespace {

std::string why_suspended(const core::ClusterStatus& status) {
  return std::to_string(status.silent_nodes) + " of " + std::to_string(status.nodes) +
         " nodes went silent at once, or did not come back after the master's start: nothing of "
         "them is given up or replaced until enough are heard again, or POST "
         "/api/v1/cluster/resume says that they are lost";
}

}  // namespace

Answer get_cluster(const Services& services, const Request&) {
  const core::ClusterStatus status = services.view.cluster();
  boost::json::object out;
  core::UnixMs since = status.since;
  if (const auto read_only = services.view.read_only()) {
    out["state"] = "read_only";
    out["reason"] = read_only_problem(read_only->reason).message;
    since = read_only->since;
  } else if (status.suspects) {
    out["state"] = "suspended";
    out["reason"] = why_suspended(status);
  } else {
    out["state"] = "normal";
  }
  if (since != 0) out["since"] = timestamp(since);
  out["nodes"] = status.nodes;
  out["online_nodes"] = status.online_nodes;
  out["silent_nodes"] = status.silent_nodes;
  out["live_instances"] = services.view.live_instances();
  return with_body(boost::json::serialize(out));
}

Answer resume_cluster(const Services&, const Request&) {
  auto answer = [](const core::Reply&) { return with_body(R"({"status":"success"})"); };
  return Submission{core::ResumeReplacements{}, std::move(answer)};
}

}  // namespace drover::http
