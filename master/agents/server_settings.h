// How a server of gRPC is set up that agents speak to.
#pragma once

namespace grpc {
class ServerBuilder;
}

namespace drover::agents {

// Of the library, for the whole process: its own log is silent unless GRPC_VERBOSITY is set, and it
// does no bookkeeping that is for its developers. Before anything else of it is used.
void set_up_library();

void set_up(grpc::ServerBuilder& builder);

}  // namespace drover::agents
