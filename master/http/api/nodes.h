// Nodes, for those who look after them.
#pragma once

#include "master/http/answer.h"
#include "master/http/message.h"
#include "master/http/services.h"

namespace drover::http {

Answer show_nodes(const Services& services, const Request& request);
Answer get_node(const Services& services, const Request& request);
Answer drain_node(const Services& services, const Request& request);
Answer remove_node(const Services& services, const Request& request);
Answer resume_node(const Services& services, const Request& request);

}  // namespace drover::http
