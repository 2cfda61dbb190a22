// What each call takes and answers, under the name of its handler. They are made anew at each call:
// the document, which is made of all of them, is kept.
#pragma once

#include "master/http/openapi/operation.h"

namespace drover::http::openapi {

// seed.cc
Operation create_template();
Operation query_template();
Operation deploy();
Operation query_instance();
Operation stop_instance();
Operation list_nodes();

// instances.cc
Operation list_instances();
Operation deploy_instance();
Operation get_instance();
Operation end_instance();
Operation forget_instance();
Operation update_instance();
Operation scale_instance();

// waiting.cc
Operation explain_instance();

// task_requests.cc
Operation restart_tasks();
Operation signal_tasks();

// logs.cc
Operation get_logs();

// templates.cc
Operation list_templates();
Operation put_template();
Operation get_template();
Operation remove_template();

// nodes.cc
Operation show_nodes();
Operation get_node();
Operation drain_node();
Operation resume_node();
Operation remove_node();

// events.cc
Operation get_events();

// cluster.cc
Operation get_cluster();
Operation resume_cluster();

// own.cc
Operation get_metrics();
Operation healthz();
Operation readyz();
Operation get_openapi();
Operation about();

}  // namespace drover::http::openapi
