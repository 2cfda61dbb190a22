// The calls of the master's API.
//
// An id or a name that the master does not know is ErrorKind::not_found, no answer is
// ErrorKind::io; see read_answer() for the others.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/client/answers.h"
#include "cli/client/connection.h"
#include "cli/client/filters.h"

namespace drover::cli {

class Api {
 public:
  // `connection` must outlive it.
  explicit Api(Connection& connection) : connection_(connection) {}

  // {"name","version"}
  Result<Document> put_template(const std::string& json, bool dry_run = false);
  // {"name","version","versions","template"}; the newest version unless another is asked for.
  Result<Document> get_template(const std::string& name, std::optional<std::uint32_t> version = {});
  // {"templates":[...]}, from all pages.
  Result<Document> list_templates();
  // `force`: also while an instance of it has not ended.
  Result<Document> remove_template(const std::string& name, bool force);

  // {"id"}. `key`: of this deploy alone, so that it may be asked for again where no answer came.
  Result<Document> deploy(const std::string& template_name,
                          const std::map<std::string, std::string>& parameters,
                          const std::string& key);
  // {"template","version","placed":[...],"waiting":[...]}: what deploy() would come to now.
  Result<Document> plan(const std::string& template_name,
                        const std::map<std::string, std::string>& parameters);
  // {"id","state","waiting":[...]}: what it waits for, and why.
  Result<Document> explain_instance(const std::string& id);
  Result<Document> get_instance(const std::string& id);
  // Answered when `what` ("terminal", "running", or an index of an earlier answer) has come about,
  // or after `time`.
  Result<Document> await_instance(const std::string& id, const std::string& what,
                                  std::chrono::milliseconds time);
  // {"instances":[...],"cursor"}, the newest first, from all pages, `most` at the most (0: all);
  // with the cursor where there may be more.
  Result<Document> list_instances(const InstanceFilter& filter, std::size_t most);
  Result<Document> stop_instance(const std::string& id);
  // {"id"}; of one that has ended.
  Result<Document> remove_instance(const std::string& id);
  // {"id","tasks","unreachable"}: how many it is for, and of these, how many cannot be told now.
  Result<Document> restart_tasks(const std::string& id, const InstancePart& part);
  // The same. `signal`: "HUP".
  Result<Document> signal_tasks(const std::string& id, const std::string& signal,
                                const InstancePart& part);
  Result<Document> update_instance(const std::string& id, std::optional<std::uint32_t> version);
  Result<Document> scale_instance(const std::string& id, const std::string& group,
                                  std::uint32_t count);

  // {"nodes":[...]}, from all pages.
  Result<Document> list_nodes();
  Result<Document> get_node(const std::string& id);
  // `deadline` as the API takes it, "1h"; empty: the master's own.
  Result<Document> drain_node(const std::string& id, const std::string& deadline);
  Result<Document> resume_node(const std::string& id);
  Result<Document> remove_node(const std::string& id);

  // Handed over as they come, for as long as `on_piece` returns true: text, or a JSON text on each
  // line. Following goes on until all has ended.
  Status read_logs(const LogSelection& selection, bool as_json,
                   const Connection::OnPiece& on_piece);
  // A JSON text on each line. Following goes on for ever.
  Status read_events(const EventFilter& filter, const Connection::OnPiece& on_piece);

  Result<Document> get_cluster();
  Result<Document> resume_cluster();

 private:
  Result<Document> ask(HttpRequest request);
  Result<Document> get(std::string target);
  Result<Document> post(std::string target, std::string body);
  // All pages of a list, as one.
  Result<Document> get_pages(const std::string& list);
  Status stream(HttpRequest request, const Connection::OnPiece& on_piece);

  Connection& connection_;
};

}  // namespace drover::cli
